using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Daemonproxy.Control.Tests.Harness;
using Daemonproxy.Control.Verbs;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Control.Tests.Verbs;

/// <summary>Help, and command lines that are wrong.</summary>
public sealed class UsageTests
{
    [Fact]
    public async Task TheHelpFitsATerminal()
    {
        Dpctl shown = await RunAsync("--help");
        string[] lines = shown.Out.TrimEnd('\n').Split('\n');
        Assert.True(lines.Length <= 24, $"{lines.Length} lines");
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        await Verifier.Verify(shown.Shown());
    }

    [Fact]
    public async Task EachVerbHasAHelpWithAnExample()
    {
        string all = "";
        foreach (Verb verb in VerbTable.All)
        {
            if (!verb.IsHidden)
            {
                Assert.StartsWith($"dpctl {verb.Name}", verb.Example, System.StringComparison.Ordinal);
                all += $"$ dpctl {verb.Name} --help\n{(await RunAsync(verb.Name, "--help")).Out}\n";
            }
        }

        Assert.All(all.Split('\n'), line => Assert.True(line.Length <= 80, line));
        await Verifier.Verify(all);
    }

    [Theory]
    [InlineData("unknown verb 'stauts'; did you mean 'status'?", "stauts")]
    [InlineData("status has no option '--jsno'; did you mean '--json'?", "status", "--jsno")]
    [InlineData("--color is auto, always or never, not 'sometimes'", "--color", "sometimes")]
    [InlineData("--socket needs a value: SOCKET", "status", "-S")]
    [InlineData("--json has no value, such as '3'", "status", "--json=3")]
    [InlineData("'HPU' is not a signal: HUP, SIGHUP or 1; did you mean 'HUP'?", "signal", "web", "HPU")]
    [InlineData("'99' is not a signal: HUP, SIGHUP or 1", "signal", "web", "99")]
    [InlineData("signal needs NAME SIGNAL: dpctl signal --help", "signal", "web")]
    [InlineData("stop needs NAME...; all of them are '*': dpctl stop --help", "stop")]
    [InlineData("/dev/zero: it is longer than 16 MiB", "check", "/dev/zero")]
    [InlineData("several paths are for compose: dpctl import --help", "import", "systemd", "/a", "/b")]
    public async Task AWrongCommandLineIsOneSentence(string sentence, params string[] line)
    {
        Dpctl shown = await RunAsync(line);
        Assert.Equal((2, "", $"dpctl: {sentence}\n"), (shown.ExitCode, shown.Out, shown.Error));
    }

    [Theory]
    [InlineData("agent", "--allow", "true")]
    [InlineData("fleet", "status")]
    public async Task AVerbThatIsNotInstalledNamesItsPackage(params string[] line)
    {
        string folder = Directory.CreateTempSubdirectory("dpctl-").FullName;
        string alone = Path.Combine(folder, "dpctl");
        if (File.Exists(Path.Combine(Path.GetDirectoryName(Binary.Control)!, "dpctl-agent")))
        {
            File.Copy(Binary.Control, alone); // It is one file then.
        }
        else
        {
            alone = Binary.Control;
        }

        using Process process = Process.Start(new ProcessStartInfo(alone, line)
        {
            RedirectStandardError = true,
            Environment = { ["PATH"] = "/nowhere" },
        })!;
        string said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
        Assert.Equal(
            (1, "dpctl: dpctl-agent cannot be executed: No such file or directory; it is searched beside dpctl and in"
                + " PATH, and is in the package dpctl-agent\n"),
            (process.ExitCode, said));
    }

    [Theory]
    [InlineData("--help", "help")]
    [InlineData("--help", "help", "start")]
    public async Task HelpIsFoundAsAVerb(string option, params string[] line)
    {
        Dpctl shown = await RunAsync(line);
        Dpctl meant = await RunAsync([.. line[1..], option]);
        Assert.Equal((0, meant.Out, ""), (shown.ExitCode, shown.Out, shown.Error));
    }

    private static Task<Dpctl> RunAsync(params string[] line) => Dpctl.RunAsync(Path.GetTempPath(), [], line);
}
