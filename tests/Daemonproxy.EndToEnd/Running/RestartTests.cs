using System;
using System.Globalization;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Running;

/// <summary>service.auto_up: a service that ends comes back, at least an interval after its start.</summary>
public class RestartTests
{
    [Fact]
    public void AServiceThatIsKilledComesBack()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.auto_up⇥a⇥1⇥always");
        daemon.Await("service.auto_up⇥a⇥1⇥always");
        int first = daemon.AwaitUp("a");
        _ = kill(first, SIGKILL);
        daemon.Await($"service.state⇥a⇥down⇥*⇥{first}⇥signal⇥SIGKILL⇥*⇥*");
        int second = daemon.AwaitUp("a");
        Assert.NotEqual(first, second);
        Assert.Equal([second], Proc.Children(daemon.Pid));
    }

    [Fact]
    public void AnEndThatNobodyAskedForIsLogged()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.auto_up⇥a⇥1000⇥always");
        _ = kill(daemon.AwaitUp("a"), SIGSEGV);
        daemon.Log.Await(
            line => line.StartsWith("info: service 'a' ended: signal SEGV after ", StringComparison.Ordinal)
                && line.Contains(" s, started again in ", StringComparison.Ordinal),
            "the end of the service");
        daemon.Send("service.start⇥a");
        daemon.AwaitUp("a");
        daemon.Send("service.signal⇥a⇥SIGTERM");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGTERM⇥*⇥*");
        daemon.Send("log.filter⇥x");
        Assert.Single(daemon.Log.AwaitAll(line => line.Contains("log.filter", StringComparison.Ordinal), "the error"));
    }

    [Fact]
    public void RestartsAreAnIntervalApart()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/false", "service.auto_up⇥a⇥1⇥always");
        long before = Started(daemon);
        for (int run = 0; run < 2; run++)
        {
            long next = Started(daemon);
            Assert.InRange(next - before, 1, 2);
            before = next;
        }
    }

    [Fact]
    public void TurnedOffItStaysDown()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/false", "service.auto_up⇥a⇥1000⇥always");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥1⇥*⇥*");
        daemon.Await("service.state⇥a⇥start⇥*⇥-⇥-⇥-⇥-⇥-");
        Assert.Equal(
            ["service.state⇥a⇥down⇥-⇥-⇥-⇥-⇥-⇥-", "service.auto_up⇥a⇥-"], daemon.Ask("service.auto_up⇥a⇥-"));
    }

    [Fact]
    public void AServiceWaitsForItsArguments()
    {
        using Daemon daemon = Daemon.Interactive();
        Assert.Equal(["service.auto_up⇥a⇥5⇥always"], daemon.Ask("service.auto_up⇥a⇥5⇥always"));
        daemon.Send("service.args⇥a⇥/bin/true");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
    }

    [Fact]
    public void ASignalTheDaemonGetsIsATrigger()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/true", "service.auto_up⇥a⇥1⇥USR1");
        daemon.Await("service.auto_up⇥a⇥1⇥SIGUSR1");
        Assert.Equal(0, daemon.Counters()["spawns"]);
        daemon.Signal(SIGUSR1);
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
    }

    private static long Started(Daemon daemon) =>
        long.Parse(daemon.AwaitField("service.state⇥a⇥up⇥*⇥*⇥-⇥-⇥*⇥-", 3), CultureInfo.InvariantCulture);
}
