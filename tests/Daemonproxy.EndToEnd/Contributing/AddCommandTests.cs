using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Contributing;

/// <summary>
/// CONTRIBUTING.md, followed to the letter on a copy of the repository: a command and an event in the spec, a build
/// that fails and says what is missing, the handler, and a conversation with the daemon that comes out.
/// </summary>
public sealed class AddCommandTests
{
    [LongFact]
    public void ACommandIsAddedInThreeSteps()
    {
        using RepositoryCopy copy = new();
        string page = File.ReadAllText(copy["CONTRIBUTING.md"]);

        string spec = File.ReadAllText(copy["commands.spec"]);
        int end = spec.IndexOf("\n\nsection descriptors\n", StringComparison.Ordinal);
        File.WriteAllText(copy["commands.spec"], spec.Insert(end, "\n" + Block(page, "spec")));
        (int status, string printed) = copy.Dotnet("build", "src/Daemonproxy", "-c", "Release", "--nologo");
        Assert.NotEqual(0, status);
        string[] errors = [.. printed.Split('\n').Where(line => line.Contains(": error ", StringComparison.Ordinal))];
        string expected = string.Join(' ', Block(page, "text").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.Contains(expected, error, StringComparison.Ordinal));

        File.WriteAllText(copy["src/Daemonproxy/Commands/FriendlyCommands.cs"], Block(page, "csharp"));
        (status, printed) = copy.Dotnet(
            "publish", "src/Daemonproxy", "-c", "Release", "-r", "linux-x64", "--nologo", "-o", copy["published"]);
        Assert.True(status == 0, printed);

        Converse(copy["published/daemonproxy"], Block(page, "transcript").Split('\n'));
        (status, printed) = copy.Dotnet("run", "--project", "src/Daemonproxy.SpecTool", "-c", "Release", "--", ".");
        Assert.True(status == 0, printed);
        Assert.Contains("service.greet NAME [WORDS...]", File.ReadAllText(copy["docs/PROTOCOL.md"]));
    }

    // What is sent is answered by what follows it, and nothing else.
    private static void Converse(string program, string[] lines)
    {
        using Daemon daemon = Daemon.Interactive(new Launch(program, "-i", "-q"));
        for (int sent = Array.FindIndex(lines, IsSent); sent >= 0; sent = Array.FindIndex(lines, sent + 1, IsSent))
        {
            string[] answers =
            [
                .. lines.Skip(sent + 1).TakeWhile(line => line.StartsWith("< ", StringComparison.Ordinal))
                    .Select(line => line[2..]),
            ];
            Assert.Equal(answers, daemon.Ask(lines[sent][2..]));
        }

        static bool IsSent(string line) => line.StartsWith("> ", StringComparison.Ordinal);
    }

    // The first of that language.
    private static string Block(string page, string language)
    {
        string fence = $"```{language}\n";
        int start = page.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        Assert.True(start > fence.Length, $"CONTRIBUTING.md shows no {language}");
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
