using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>Arguments and variables that real processes get from a descriptor.</summary>
public class TextsFromTests
{
    [Fact]
    public void ArgumentsAreReadAtEachStart()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        string shows = "for word; do echo \"<$word>\"; done >" + scratch["seen"];
        string[] words = ["/bin/sh", "-c", shows, "name", "a\tb", "", "two\nlines", new string('x', 9000)];
        scratch.Write("texts", string.Join('\0', words) + "\0");
        daemon.Send($"fd.open⇥texts⇥read⇥{scratch["texts"]}", "service.args_from⇥a⇥texts", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Assert.Equal(
            string.Concat(words[4..].Select(word => $"<{word}>\n")), File.ReadAllText(scratch["seen"]));

        // The same open file, from its beginning, and after a crash.
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        File.WriteAllText(scratch["texts"], string.Join('\0', [.. words[..4], "new"]));
        daemon.Send("service.user⇥a", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Assert.Equal("<new>\n", File.ReadAllText(scratch["seen"]));
    }

    [Fact]
    public void VariablesAreChangedAfterThoseOfTheSetting()
    {
        using Scratch scratch = new();
        scratch.Script("found", "env | grep -E '^(A|B|C|HOME)=' | sort >" + scratch["seen"]);
        scratch.Write("texts", $"B=2\0C=three\nlines\0HOME\0PATH={scratch["."]}:/bin:/usr/bin");
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            $"fd.open⇥texts⇥read⇥{scratch["texts"]}", "service.env⇥a⇥A=1⇥B=1⇥HOME=/", "service.env_from⇥a⇥texts",
            "service.args⇥a⇥found", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");

        Assert.Equal(["A=1", "B=2", "C=three"], File.ReadAllLines(scratch["seen"]));
    }

    [Fact]
    public void AFileThatIsTooLongOrNoRegularFileIsReported()
    {
        using Scratch scratch = new();
        scratch.Write("long", new string('x', (128 * 1024) + 1));
        scratch.Write("most", string.Concat(Enumerable.Repeat("x\0", 64 * 1024)));
        scratch.Write("empty", "");
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            $"fd.open⇥long⇥read⇥{scratch["long"]}", $"fd.open⇥most⇥read⇥{scratch["most"]}",
            $"fd.open⇥empty⇥read⇥{scratch["empty"]}", "fd.pipe⇥r⇥w", "service.args⇥a⇥/bin/true");
        (string Setting, string Failure)[] cases =
        [
            ("service.args_from⇥a⇥long", "texts⇥E2BIG⇥long"),
            ("service.args_from⇥a⇥r", "texts⇥ESPIPE⇥r"),
            ("service.args_from⇥a⇥empty", "execute⇥ENOENT⇥"),
            ("service.args_from⇥a⇥most", "execute⇥ENOENT⇥x"),
            ("service.args_from⇥a⏎service.env_from⇥a⇥w", "texts⇥ESPIPE⇥w"),
        ];
        foreach ((string setting, string failure) in cases)
        {
            daemon.Send([.. setting.Split('⏎'), "service.start⇥a"]);
            daemon.Await($"service.failed⇥a⇥*⇥{failure}");
            daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥3⇥*⇥*");
        }
    }
}
