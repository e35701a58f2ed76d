using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.SpecTool.Documents;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>The committed files that are made from the spec agree with it.</summary>
public sealed class Documents
{
    private static readonly IReadOnlyList<Document> _made = new SpecTool.Repository(Repository.Root).MakeDocuments();

    public static TheoryData<string> Paths()
    {
        TheoryData<string> paths = [];
        foreach (Document document in _made)
        {
            paths.Add(document.Path);
        }

        return paths;
    }

    public static TheoryData<string> SmallSpecs() => [.. Repository.SpecsIn("good")];

    /// <summary>The checked-in documents are the golden files of the real spec.</summary>
    [Theory]
    [MemberData(nameof(Paths))]
    public void IsFresh(string path)
    {
        string file = Path.Combine(Repository.Root, path);
        string text = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.True(text == Made(path), $"{path} is stale: `make docs` renews it, and `git diff` shows what changed");
    }

    [Theory]
    [MemberData(nameof(SmallSpecs))]
    public async Task OfASmallSpecAreWrittenAsBefore(string name)
    {
        CompiledSpec spec = SpecCompiler.Compile(
            name, Microsoft.CodeAnalysis.Text.SourceText.From(Repository.SpecOf("good", name)));
        string first = spec.Model!.Commands.Count > 0 ? spec.Model.Commands[0].Name : "";
        Dictionary<string, string> examples = new() { [first] = "> an example" };
        const string page = "@DATE@ @VERSION@\n@OPTIONS@\n.SH COMMANDS\n@COMMANDS@\n.SH EVENTS\n@EVENTS@\n";
        DocumentSource source = new(spec.Model, "1.2.3", "2026-01-31", page, examples);
        string all = "";
        foreach (Document document in DocumentSet.Write(source))
        {
            all += $"======== {document.Path} ========\n{document.Text}\n";
        }

        await Verifier.Verify(
            all, new VerifySettings().UseDirectory("specs/good").UseFileName(name + ".documents"));
    }

    [Fact]
    public void EveryCommandIsShownInAConversation()
    {
        string page = Made("docs/PROTOCOL.md");
        foreach (string part in page.Split("<a id=\"command-")[1..])
        {
            string command = part[..part.IndexOf('"', StringComparison.Ordinal)];
            Assert.True(part.Contains("> " + command, StringComparison.Ordinal), $"no transcript shows {command}");
        }
    }

    [Fact]
    public void LinksOfTheProtocolPageLeadSomewhere()
    {
        string page = Made("docs/PROTOCOL.md");
        string[] links = page.Split("](#")[1..];
        Assert.NotEmpty(links);
        foreach (string link in links)
        {
            string target = link[..link.IndexOf(')', StringComparison.Ordinal)];
            bool isThere = page.Contains($"<a id=\"{target}\"></a>", StringComparison.Ordinal)
                || page.Contains($"\n## {char.ToUpperInvariant(target[0])}{target[1..]}\n", StringComparison.Ordinal);
            Assert.True(isThere, $"there is no {target}");
        }
    }

    [ProgramFact("mandoc")]
    public void MandocHasNothingToSayAboutTheManualPages() => Assert.Equal(
        "", string.Concat(ManualPages().Select(page => Shell.Run("mandoc", "-Tlint", "-Wstyle", page))));

    [ProgramFact("groff")]
    public void GroffHasNothingToSayAboutTheManualPages() => Assert.Equal(
        "", string.Concat(ManualPages().Select(page => Shell.Run("groff", "-man", "-Tutf8", "-ww", "-z", page))));

    [ProgramFact("man")]
    public void ManPrintsTheManualPagesWithoutAWarning()
    {
        foreach (string page in ManualPages())
        {
            string text = Shell.Run("man", "-l", "--warnings", "--encoding=utf8", page);
            Assert.Contains("service.args", text, StringComparison.Ordinal);
            Assert.DoesNotMatch(":[0-9]+: warning", text);
        }
    }

    // Every page that is installed.
    private static string[] ManualPages() =>
        [InRoot("docs/daemonproxy.8"), InRoot("docs/daemonproxy-protocol.7")];

    private static string InRoot(string path) => Path.Combine(Repository.Root, path);

    private static string Made(string path)
    {
        foreach (Document document in _made)
        {
            if (document.Path == path)
            {
                return document.Text;
            }
        }

        throw new FileNotFoundException(path);
    }
}
