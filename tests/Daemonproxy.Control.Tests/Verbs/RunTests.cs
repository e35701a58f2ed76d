using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Tests.Harness;
using Xunit;

namespace Daemonproxy.Control.Tests.Verbs;

/// <summary><c>run</c>: descriptors, exit codes, signals, options.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task InputOutputAndErrorAreThoseOfDpctl()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Dpctl shown = await Dpctl.RunAsync(
            daemon.Folder, [], ["-S", daemon.Socket, "run", "--", "sh", "-c", "cat; pwd; echo error >&2"], "input\n");
        Assert.Equal((0, $"input\n{daemon.Folder}\n", "error\n"), (shown.ExitCode, shown.Out, shown.Error));
        Dpctl after = await Dpctl.RunAsync(daemon, "status");
        Assert.Equal("", after.Out);
    }

    [Theory]
    [InlineData("exit 3", 3, "ended with exit 3 ")]
    [InlineData("kill -SEGV $$", 139, "ended by SIGSEGV ")]
    public async Task TheExitCodeIsTheProgramsAndTheEndIsReported(string script, int code, string text)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Dpctl shown = await Dpctl.RunAsync(daemon, "run", "--name", "job", "--", "sh", "-c", script);
        Assert.Equal((code, ""), (shown.ExitCode, shown.Out));
        Assert.StartsWith($"dpctl: job {text}", shown.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(127, "/no/such/program")]
    [InlineData(126, "/etc/passwd")]
    [InlineData(125, "--", "--user", "nobody-at-all", "--", "true")]
    [InlineData(125)]
    [InlineData(125, "--", "--name", "not a name", "--", "true")]
    [InlineData(125, "--", "--limit", "nofil=3", "--", "true")]
    [InlineData(125, "--", "--output", "/no/such/folder/file", "--", "true")]
    public async Task AProgramThatCannotBeRunHasAnExitCode(int code, params string[] arguments)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string[] line = arguments is ["--", .. string[] options] ? options : ["--", .. arguments];
        Dpctl shown = await Dpctl.RunAsync(daemon, ["run", .. line]);
        Assert.True(code == shown.ExitCode, $"{shown}");
        Assert.StartsWith("dpctl: ", shown.Error, StringComparison.Ordinal);
        Assert.Single(shown.Error.TrimEnd('\n').Split('\n'));
        Dpctl after = await Dpctl.RunAsync(daemon, "status");
        Assert.Equal("", after.Out);
    }

    [Fact]
    public async Task ATimeLimitStopsIt()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Dpctl shown = await Dpctl.RunAsync(daemon, "run", "--name", "slow", "--timeout", "1", "--", "sleep", "1000");
        Assert.Equal((124, "dpctl: slow took longer than 1 s, and was stopped\n"), (shown.ExitCode, shown.Error));
        ServiceInfo? slow = await daemon.AwaitAsync("slow", _ => true);
        Assert.Equal(Signal.Term, slow!.KilledBy);
    }

    [Fact]
    public async Task ADetachedOneGoesOnAndItsOutputIsAppended()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string file = Path.Combine(daemon.Folder, "out");
        await File.WriteAllTextAsync(file, "before\n");
        Dpctl shown = await Dpctl.RunAsync(
            daemon, "run", "--detach", "-o", file, "--env", "A=1", "--tag", "x", "--limit", "nofile=64", "--",
            "sh", "-c", "echo $A; ulimit -n; exec sleep 1000");
        Assert.Matches("^run\\.[0-9a-f]{4}\n$", shown.Out);
        string name = shown.Out.TrimEnd();
        ServiceInfo? service = await daemon.AwaitAsync(name, service => service?.Phase == ServicePhase.Up);
        Assert.Equal(["x"], service!.Tags.ToArray());
        while (File.ReadLines(file).Count() < 3)
        {
            await Task.Delay(20);
        }

        Assert.Equal(["before", "1", "64"], await File.ReadAllLinesAsync(file));
    }

    [Fact]
    public async Task InterruptingIsPassedOn()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        const string script = "trap 'echo caught; exit 9' INT; echo up; while :; do sleep 0.05; done";
        using Process process = Dpctl.Start(
            daemon.Folder, [], ["-S", daemon.Socket, "run", "--", "sh", "-c", script]);
        Assert.Equal("up", await process.StandardOutput.ReadLineAsync());
        using Process kill = Process.Start("/bin/kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((9, "caught\n"), (process.ExitCode, await process.StandardOutput.ReadToEndAsync()));
    }
}
