using System;
using System.IO;
using System.Linq;
using Daemonproxy.SpecTool.Documents;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>The completions do in the shells what they are for.</summary>
public sealed class Completions : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("completions").FullName;
    private readonly string _scripts = Directory.CreateTempSubdirectory("completions").FullName;

    public Completions()
    {
        File.WriteAllText(Path.Combine(_directory, "web.conf"), "");
        File.WriteAllText(Path.Combine(_directory, "two words.conf"), "");
        WriteScriptsOfWords();
    }

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        Directory.Delete(_scripts, recursive: true);
    }

    [ProgramFact("bash")]
    public void BashCompletesOptions()
    {
        Assert.Contains("--interactive", Bash("daemonproxy --i", 1));
        Assert.Equal(["--service-pool"], Bash("daemonproxy -i --ser", 2));
        Assert.Equal(["--socket", "--subreaper", "--send"], Bash("daemonproxy --s", 1).Except(["--service-pool"]));
        Assert.Contains("-c", Bash("daemonproxy -", 1));
    }

    [ProgramFact("bash")]
    public void BashCompletesFilesWhereTheValueIsAPath()
    {
        Assert.Equal(["web.conf"], Bash("daemonproxy -c we", 2));
        Assert.Equal(["two words.conf"], Bash("daemonproxy --config tw", 2));
        Assert.Equal(["web.conf"], Bash("daemonproxy --config = we", 3));
        Assert.Equal(2, Bash("daemonproxy --config =", 2).Length);
        Assert.Empty(Bash("daemonproxy --exit-guard we", 2));
    }

    [ProgramFact("bash")]
    public void BashReadsItWithoutAComplaint() => Assert.Equal("", Shell.Run("bash", "-n", Script("daemonproxy.bash")));

    [ProgramFact("zsh")]
    public void ZshReadsItWithoutAComplaint() => Assert.Equal("", Shell.Run("zsh", "-n", Script("_daemonproxy")));

    /// <summary>The words that it would give to the completion system.</summary>
    [ProgramFact("zsh")]
    public void ZshKnowsEveryOption()
    {
        string told = Shell.Run(
            "zsh", "-f", "-c", "_arguments() { print -rl -- \"$@\" }; source $1", "zsh", Script("_daemonproxy"));
        string[] words = told.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["-s", "-S"], words[..2]);
        Assert.Contains(words, word => word.StartsWith(
                "*--config=[Read commands from FILE (-\\: standard input); may be", StringComparison.Ordinal)
            && word.EndsWith("]:FILE:_files", StringComparison.Ordinal));
        Assert.Contains("*-v[Log one level more; may be repeated]", words);
        Assert.Contains(words, word => word.StartsWith("--fd-pool=[Reserve N named", StringComparison.Ordinal)
            && word.EndsWith("]:N\\[xM\\]: ", StringComparison.Ordinal));
        Assert.Contains("--version[Print the version]", words);
    }

    [ProgramFact("fish")]
    public void FishReadsItWithoutAComplaint() => Assert.Equal("", Shell.Run("fish", "-n", Script("daemonproxy.fish")));

    [ProgramFact("fish")]
    public void FishCompletesOptionsAndFiles()
    {
        Assert.Equal(["--interactive"], Fish("daemonproxy --int"));
        Assert.Equal(["web.conf"], Fish("daemonproxy -c we"));
        Assert.Equal(["--config=web.conf"], Fish("daemonproxy --config=we"));
        Assert.Empty(Fish("daemonproxy --exit-guard we"));
        Assert.Empty(Fish("daemonproxy we"));
    }

    [ProgramFact("bash")]
    public void BashCompletesTheWordsOfAnEnumOrASet()
    {
        Assert.Equal(["low", "high"], BashOfWords("options --loud ", 2));
        Assert.Equal(["high"], BashOfWords("options --loud = hi", 3));
        Assert.Equal(["a", "b"], BashOfWords("options --x1 =", 2));
        Assert.Equal(["bold", "italic"], BashOfWords("options -s ", 2));
        Assert.Equal(["bold,italic"], BashOfWords("options --style = bold,it", 3));
        Assert.Empty(BashOfWords("options --number l", 2));
    }

    [ProgramFact("zsh")]
    public void ZshKnowsTheWordsOfAnEnumOrASet()
    {
        string script = Path.Combine(_scripts, "words.zsh");
        Assert.Equal("", Shell.Run("zsh", "-n", script));
        string told = Shell.Run("zsh", "-f", "-c", "_arguments() { print -rl -- \"$@\" }; source $1", "zsh", script);
        Assert.Contains("]:LOUD:(low high)\n", told, StringComparison.Ordinal);
        Assert.Contains("]:SIDE:(a b)\n", told, StringComparison.Ordinal);
        Assert.Contains("]:STYLE:_values -s , STYLE bold italic\n", told, StringComparison.Ordinal);
    }

    [ProgramFact("fish")]
    public void FishCompletesTheWordsOfAnEnumOrASet()
    {
        Assert.Equal(["high", "low"], FishOfWords("options --loud "));
        Assert.Equal(["--loud=high"], FishOfWords("options --loud=hi"));
        Assert.Equal(["a", "b"], FishOfWords("options --x1 "));
        Assert.Equal(["bold,italic"], FishOfWords("options -s bold,it"));
    }

    // The scripts of a spec whose options have values that are words.
    private void WriteScriptsOfWords()
    {
        CompiledSpec compiled = SpecCompiler.Compile(
            "/project/commands.spec", SourceText.From(Repository.SpecOf("good", "options")));
        File.WriteAllText(Path.Combine(_scripts, "words.bash"), BashCompletionWriter.Write(compiled.Model!));
        File.WriteAllText(Path.Combine(_scripts, "words.zsh"), ZshCompletionWriter.Write(compiled.Model!));
        File.WriteAllText(Path.Combine(_scripts, "words.fish"), FishCompletionWriter.Write(compiled.Model!));
    }

    private string[] BashOfWords(string line, int cursor) =>
        Bash(Path.Combine(_scripts, "words.bash"), "_options", line, cursor);

    private string[] FishOfWords(string line) => Fish(Path.Combine(_scripts, "words.fish"), line);

    // What bash offers for a line of words, with the cursor at the end of one of them.
    private string[] Bash(string line, int cursor) => Bash(Script("daemonproxy.bash"), "_daemonproxy", line, cursor);

    private string[] Bash(string script, string function, string line, int cursor) => Lines(
        "bash", "--norc", "-c",
        "source \"$1\"; read -ra COMP_WORDS <<<\"$3\"; COMP_CWORD=$4; $2; printf '%s\\n' \"${COMPREPLY[@]}\"",
        "bash", script, function, line, $"{cursor}");

    private string[] Fish(string line) => Fish(Script("daemonproxy.fish"), line);

    private string[] Fish(string script, string line) =>
    [
        .. Lines("fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script, line)
            .Select(offer => offer.Split('\t')[0]),
    ];

    private string[] Lines(string program, params string[] arguments)
    {
        (int status, string printed) = Shell.Try(_directory, program, arguments);
        Assert.True(status == 0, printed);
        return printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Script(string name) => Path.Combine(Repository.Root, "completions", name);
}
