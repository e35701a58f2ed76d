using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Planning;
using Daemonproxy.Manager.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Manager.Tests.Planning;

/// <summary>The order of a shutdown, and the program that process 1 becomes at its end.</summary>
public class ShutdownSignalTests
{
    [Fact]
    public void ServicesGoneFromTheFileStopInReverseOfTheirNeeds()
    {
        var manager = new SimManager(PlanTests.Two + """

            log = "files"
            [service.files]
            command = ["svlogd"]
            """);
        manager.Run(5);
        manager.Log.Clear();
        manager.Daemon.Program("web").EndsWhenAsked = false;
        manager.Reload("[service.other]\ncommand = [\"other\"]\n");
        manager.Run(20);
        Assert.Equal(
            ["  5 other: starting", "  5 web: stopping, it is not in the file any more",
                " 15 db: stopping, it is not in the file any more",
                " 15 files: stopping, it is not in the file any more"],
            manager.Log);
        Assert.Null(manager.PhaseOf("db"));
    }

    [Theory]
    [InlineData("SIGUSR1", "halt")]
    [InlineData("SIGUSR2", "off")]
    [InlineData("SIGPWR", "off")]
    [InlineData("SIGTERM", "again")]
    [InlineData("SIGINT", "again")]
    [InlineData("SIGRTMIN+3", "halt")]
    [InlineData("SIGRTMIN+4", "off")]
    [InlineData("SIGRTMIN+5", "again")]
    [InlineData("SIGHUP", null)]
    public void ASignalSaysWhatProcess1Becomes(string signal, string? program)
    {
        const string daemon = "[daemon]\nexec-on-exit = [\"end\"]\n";
        ServiceGraph graph = SimManager.GraphOf(
            daemon + "halt = [\"halt\"]\npoweroff = [\"off\"]\nreboot = [\"again\"]\n");
        TextList? ending = ShutdownSignals.ProgramOf(graph.Set.Daemon, [Signal.Named(signal)]);
        Assert.Equal(program, ending is { } last ? string.Join(' ', last) : null);
        if (ending is not null)
        {
            Plan plan = Planner.Make(
                graph, new SimDaemon().State, default, isShuttingDown: true, ownPid: 0, ending);
            Assert.Equal(
                [$"terminate.exec_args\t{program}", "terminate\t0"], plan.Commands.Select(one => $"{one}"));
        }

        // Without programs of their own, those that always end do what they did.
        TextList? usual = ShutdownSignals.ProgramOf(SimManager.GraphOf(daemon).Set.Daemon, [Signal.Named(signal)]);
        Assert.Equal(
            signal is "SIGTERM" or "SIGINT" or "SIGPWR" ? "end" : null,
            usual is { } one ? string.Join(' ', one) : null);
    }
}
