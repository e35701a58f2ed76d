using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Tests.Harness;
using Daemonproxy.Manager.Tags;
using Xunit;

namespace Daemonproxy.Control.Tests.Verbs;

/// <summary><c>reload NAME</c>, and what a start says of a service that cannot, with a manager that lives.</summary>
public sealed class ReloadTests
{
    private const string Services = """
        [service.signal]
        command = ["sh", "-c", "trap 'echo again >> again' HUP; echo >&3; while :; do sleep 0.1; done"]
        ready = "fd=3"
        dir = "."
        reload = "HUP"

        [service.command]
        command = ["sleep", "1000"]
        reload = ["sh", "-c", "echo $MAINPID > main"]
        dir = "."

        [service.broken]
        command = ["sleep", "1000"]
        reload = ["sh", "-c", "exit 3"]

        [service.plain]
        command = ["sleep", "1000"]

        [service.prepared]
        command = ["sleep", "1000"]
        pre = ["sh", "-c", "exit 4"]
        restart = { first = "1h", most = "1h" }

        [service.missing]
        command = ["/nonexistent/program"]
        restart = "never"
        """;

    [Fact]
    public async Task AServiceReadsItsConfigurationAsTheFileSays()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using Process manager = await ManageAsync(daemon);
        string pid = $"{(await daemon.AwaitAsync("command", static now => now?.Phase == ServicePhase.Up))!.Pid}";

        Dpctl done = await Dpctl.RunAsync(daemon, "reload", "signal", "command");
        Assert.Equal((0, ""), (done.ExitCode, done.Error));
        Assert.StartsWith("command  reloaded   exit 0 in under 1 s\nsignal   reloaded   SIGHUP sent, PID ", done.Out,
            StringComparison.Ordinal);
        Assert.Equal(pid, (await File.ReadAllTextAsync(Path.Combine(daemon.Folder, "main"))).Trim());

        Dpctl failed = await Dpctl.RunAsync(daemon, "reload", "broken", "plain", "missing");
        Assert.Equal(1, failed.ExitCode);
        Assert.Equal(
            [
                "broken   failed     exit 3 in under 1 s",
                "missing  failed     the manager's file does not say how: dpctl signal missing HUP",
                "plain    failed     the manager's file does not say how: dpctl signal plain HUP", "",
            ],
            failed.Out.Split('\n'));
        Assert.StartsWith("dpctl: 3 of 3 did not reload.\n", failed.Error, StringComparison.Ordinal);

        // A pattern means those that can, and never the commands that run for others.
        Dpctl all = await Dpctl.RunAsync(daemon, "reload", "*");
        Assert.Equal(
            ["broken", "command", "signal", ""], all.Out.Split('\n').Select(static line => line.Split(' ')[0]));
        Dpctl shown = await Dpctl.RunAsync(daemon, "status", "b*");
        Assert.Equal(["NAME", "broken", ""], shown.Out.Split('\n').Select(static line => line.Split(' ')[0]));
        manager.Kill();
    }

    [Fact]
    public async Task AStartSaysWhyThereIsNone()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using Process manager = await ManageAsync(daemon);
        await daemon.AwaitAsync("missing", Counted);
        await daemon.AwaitAsync(
            "prepared", static now => now is not null && ManagerTag.Find(now.Tags) is { Tries: > 0 });
        Dpctl start = await Dpctl.RunAsync(daemon, "start", "missing", "prepared");
        Assert.Equal(
            [
                "missing   failed     not executed: /nonexistent/program: No such file or directory",
                "prepared  waiting    prepared.pre1: exit 4 in under 1 s, again in 59 min", "",
            ],
            start.Out.Replace("in 1 h", "in 59 min", StringComparison.Ordinal).Split('\n'));
        Assert.Equal(1, start.ExitCode);
        Dpctl wait = await Dpctl.RunAsync(daemon, "wait", "missing", "--for", "ready");
        Assert.Equal(
            "dpctl: missing has failed: could not be executed: /nonexistent/program: No such file or directory\n",
            wait.Error);
        Assert.Equal(1, wait.ExitCode);

        // Stopped on purpose, it is down, whatever its last end was.
        Assert.Equal(0, (await Dpctl.RunAsync(daemon, "stop", "missing", "prepared")).ExitCode);
        Dpctl shown = await Dpctl.RunAsync(daemon, "status", "--table", "missing", "prepared");
        Assert.All(
            shown.Out.Split('\n').Skip(1).SkipLast(1),
            static line => Assert.Contains(" down ", line, StringComparison.Ordinal));
        manager.Kill();

        static bool Counted(ServiceInfo? now) =>
            now is not null && ManagerTag.Find(now.Tags) is { Ended.Length: > 0 };
    }

    [Fact]
    public async Task AStopIsAsTheFileSaysAlsoWithoutAManager()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "services.toml"), """
            [service.tree]
            command = ["sh", "-c", "trap '' USR1; env --default-signal=USR1 sh child & wait"]
            dir = "."
            ready = "fd=3"
            stop = { signal = "USR1", timeout = "30s", tree = true }
            """);
        await File.WriteAllTextAsync(Path.Combine(daemon.Folder, "child"), """
            trap 'echo child >> ended; exit' USR1
            echo >&3
            while :; do sleep 0.1; done
            """);
        using Process manager = Dpctl.Start(
            daemon.Folder, [], ["-S", daemon.Socket, "manage", Path.Combine(daemon.Folder, "services.toml")]);
        _ = manager.StandardError.BaseStream.CopyToAsync(Stream.Null);
        await daemon.AwaitAsync("tree", static now => now?.ReadySince is not null);
        manager.Kill();
        await manager.WaitForExitAsync();
        Dpctl stopped = await Dpctl.RunAsync(daemon, "stop", "tree");
        Assert.Equal((0, ""), (stopped.ExitCode, stopped.Error));
        Assert.Equal("child\n", await File.ReadAllTextAsync(Path.Combine(daemon.Folder, "ended")));
    }

    private static async Task<Process> ManageAsync(TestDaemon daemon)
    {
        string file = Path.Combine(daemon.Folder, "services.toml");
        await File.WriteAllTextAsync(file, Services);
        Process manager = Dpctl.Start(daemon.Folder, [], ["-S", daemon.Socket, "manage", file]);
        _ = manager.StandardError.BaseStream.CopyToAsync(Stream.Null);
        foreach (string name in (string[])["signal", "command", "broken", "plain"])
        {
            await daemon.AwaitAsync(name, static now => now?.Phase == ServicePhase.Up);
        }

        // Its trap is set.
        await daemon.AwaitAsync("signal", static now => now?.ReadySince is not null);

        await daemon.AwaitAsync("broken.reload", static now => now is not null && now.Args.Count > 0);
        return manager;
    }
}
