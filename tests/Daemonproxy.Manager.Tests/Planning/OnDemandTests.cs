using Daemonproxy.Client;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Manager.Tests.Planning;

/// <summary>Services that their clients start.</summary>
public class OnDemandTests
{
    [Fact]
    public void AClientStartsAServiceOnceWhatItNeedsIsReady()
    {
        var manager = new SimManager(PlanTests.Two + """

            listen = { http = "tcp:*:80" }
            on-demand = true
            """);
        manager.Daemon.Program("db").ReadyAfter = 3;
        manager.Run(2);
        manager.Daemon.Connect("web");
        manager.Run(1);
        Assert.Equal(ServicePhase.Never, manager.PhaseOf("web"));
        manager.Run(2);
        manager.Daemon.Connect("web");
        manager.Run(1);
        Assert.Equal(ServicePhase.Up, manager.PhaseOf("web"));

        // What it needs has failed: it may run on, but is not started again before that is back.
        manager.Daemon.End("db", 1);
        manager.Settle();
        manager.Daemon.End("web", 0);
        manager.Settle();
        manager.Daemon.Connect("web");
        manager.Settle();
        Assert.Equal(ServicePhase.Exited, manager.PhaseOf("web"));
        manager.Run(8);
        manager.Daemon.Connect("web");
        manager.Run(1);
        Assert.Equal(ServicePhase.Up, manager.PhaseOf("web"));
    }
    private const string Web = """
        [service.web]
        command = ["web", "a b"]
        listen = { http = "tcp:*:80" }
        on-demand = true

        """;

    // The daemon would start it again for the next client, as soon as it has ended by the command.
    [Fact]
    public void ACommandStopsItThoughClientsCome()
    {
        var manager = new SimManager(Web + "stop = { command = [\"webctl\", \"stop\"] }\n");
        manager.Daemon.Program("web").EndsByCommand = true;
        manager.Daemon.Program("web.stop").EndsAfter = 2;
        manager.Run(1);
        manager.Daemon.Connect("web");
        manager.Run(2);
        manager.Wish("web", WishKind.Down);
        manager.Run(1);
        Assert.Equal((ServicePhase.Up, ServicePhase.Up), (manager.PhaseOf("web"), manager.PhaseOf("web.stop")));
        manager.Daemon.Tick();
        manager.Daemon.Connect("web");
        Assert.Equal(ServicePhase.Exited, manager.PhaseOf("web"));
        manager.Run(5);
        manager.Daemon.Connect("web");
        manager.Run(1);
        Assert.Equal(ServicePhase.Exited, manager.PhaseOf("web"));

        // It is started by its clients again, once that is asked for.
        manager.Wish("web", WishKind.Restart);
        manager.Run(1);
        Assert.Equal(ServicePhase.Up, manager.PhaseOf("web"));
    }

    [Fact]
    public void CommandsBeforeItRunInItsProcess()
    {
        var manager = new SimManager(Web + "pre = [[\"mkdir\", \"/run/it's\"], [\"true\"]]\n");
        manager.Run(1);
        Assert.Equal(
            ["/bin/sh", "-c", @"mkdir '/run/it'\''s' && true && exec ""$@""", "sh", "web", "a b"],
            manager.Daemon.Find("web")!.Args);
        Assert.Null(manager.Daemon.Find("web.pre1"));
    }
}
