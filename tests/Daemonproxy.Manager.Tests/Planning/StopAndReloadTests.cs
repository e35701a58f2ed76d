using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Planning;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Manager.Tests.Planning;

/// <summary>Stops of whole trees and by commands, reloads, and commands with a user of their own.</summary>
public class StopAndReloadTests
{
    private const string ByCommand = """
        [service.db]
        command = ["redis-server"]
        stop = { command = ["redis-cli", "shutdown"], timeout = "5s" }
        """;

    [Fact]
    public void AStopOfATreeSignalsAllOfItAtOnce()
    {
        var manager = new SimManager("""
            [service.web]
            command = ["sh", "-c", "a; b"]
            stop = { signal = "INT", timeout = "20s", tree = true }
            """);
        manager.Run(3);
        Assert.Equal("20,SIGINT,tree", ManagerTag.Find(manager.Daemon.Find("web")!.Tags)!.Stop);
        manager.IsShuttingDown = true;
        string[] commands = [.. manager.Plan().Commands
            .Where(static command => command.Name is "service.signal" or "service.stop")
            .Select(static command => command.ToString().Replace('\t', ' '))];
        Assert.Equal(["service.stop web 20 SIGCONT", "service.signal web SIGINT tree"], commands);
        manager.Run(3);
        Assert.Equal(0, manager.Daemon.Find("web")!.ExitCode);
        Assert.True(manager.Daemon.HasEnded);
    }

    // A manager that is killed between the stop and its signal.
    [Fact]
    public void TheSignalOfAStopIsNotForgotten()
    {
        var manager = new SimManager("""
            [service.web]
            command = ["sh", "-c", "a; b"]
            stop = { timeout = "20s", tree = true }
            """);
        manager.Run(3);
        manager.IsShuttingDown = true;
        foreach (DaemonCommand command in manager.Plan().Commands
            .TakeWhile(static command => command.Name != "service.signal"))
        {
            manager.Daemon.Run(command);
        }

        Assert.NotNull(manager.Daemon.Find("web")!.StoppedSince);
        manager.Run(3);
        Assert.Equal(0, manager.Daemon.Find("web")!.ExitCode);
    }

    [Fact]
    public void ACommandThatStopsAServiceNeedsNoSignal()
    {
        var manager = new SimManager(ByCommand);
        manager.Daemon.Program("db").EndsByCommand = true;
        manager.Daemon.Program("db.stop").EndsAfter = 2;
        manager.Run(5);
        int? pid = manager.Daemon.Find("db")!.Pid;
        manager.Wish("db", WishKind.Restart);
        manager.Run(5);
        Assert.Equal(
            [
                "  0 db: starting", "  5 db: stopping, to start it again", "  7 db: stopped, exit 0 after 7 s",
                "  7 db: starting",
            ],
            manager.Log);
        Assert.NotEqual(pid, manager.Daemon.Find("db")!.Pid);
        Assert.Equal(["redis-cli", "shutdown"], manager.Daemon.Find("db.stop")!.Args);
    }

    [Fact]
    public void ACommandThatStopsNothingIsFollowedByTheSignal()
    {
        var manager = new SimManager(ByCommand);
        manager.Run(5);
        manager.Wish("db", WishKind.Down);
        Assert.Equal((ServicePhase.Up, ServicePhase.Up), (manager.PhaseOf("db"), manager.PhaseOf("db.stop")));
        manager.Run(7);
        Assert.Equal(
            [
                "  0 db: starting", "  5 db: stopping", " 10 db.stop: still runs after 5 s, and is stopped",
                " 12 db: stopped, exit 0 after 12 s",
            ],
            manager.Log);
        Assert.Equal(ServicePhase.Exited, manager.PhaseOf("db"));
    }

    [Fact]
    public void AReloadCommandIsThereAndChangesNothing()
    {
        const string plain = "[service.web]\ncommand = [\"nginx\"]\n";
        var manager = new SimManager(plain);
        manager.Run(3);
        int? pid = manager.Daemon.Find("web")!.Pid;
        manager.Reload(plain + "reload = [\"nginx\", \"-s\", \"reload\"]\n");
        manager.Run(3);
        Assert.Equal((ServicePhase.Up, pid), (manager.PhaseOf("web"), manager.Daemon.Find("web")!.Pid));
        Assert.Equal(["nginx", "-s", "reload"], manager.Daemon.Find("web.reload")!.Args);
        Assert.Equal("command", ManagerTag.Find(manager.Daemon.Find("web")!.Tags)!.Reload);
        manager.Reload(plain + "reload = \"HUP\"\n");
        manager.Run(3);
        Assert.Null(manager.Daemon.Find("web.reload"));
        Assert.Equal("SIGHUP", ManagerTag.Find(manager.Daemon.Find("web")!.Tags)!.Reload);
        Assert.Equal(pid, manager.Daemon.Find("web")!.Pid);
    }

    [Fact]
    public void ACommandWithAUserIsFreeOfWhatHoldsTheServiceBack()
    {
        ServiceDefinition web = SimManager.GraphOf("""
            [service.web]
            command = ["web"]
            user = "www-data"
            groups = ["www-data", "ssl-cert"]
            dir = "/srv"
            umask = "027"
            process = ["caps=net_bind_service", "no-new-privs"]
            mounts = ["ro=/usr"]
            pre = [["own"], { command = ["prepare"], user = "root" }]
            """).Nodes.Single().Definition;
        Assert.Equal(
            ["service.user web.pre1 www-data www-data ssl-cert", "service.mounts web.pre1 ro=/usr"],
            Settings(web, 0, "service.user", "service.mounts"));
        Assert.Equal(
            [
                "service.dir web.pre2 /srv", "service.user web.pre2 root", "service.process web.pre2 session umask=027",
                "service.mounts web.pre2",
            ],
            Settings(web, 1, "service.dir", "service.user", "service.process", "service.mounts"));
    }

    private static string[] Settings(ServiceDefinition service, int number, params string[] names) =>
    [
        .. ServiceSettings.OfStep($"{service.Name}.pre{number + 1}", service.Pre[number], service).Commands
            .Where(command => names.Contains(command.Name))
            .Select(static command => command.ToString().Replace('\t', ' ')),
    ];
}
