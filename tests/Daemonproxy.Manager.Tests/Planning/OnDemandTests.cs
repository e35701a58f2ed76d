using Daemonproxy.Client;
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
}
