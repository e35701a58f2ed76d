using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Signals;

/// <summary>Signals to the daemon are counted and told; they never end it.</summary>
public class DaemonSignalTests
{
    [Theory]
    [InlineData(Native.SIGINT, "SIGINT")]
    [InlineData(Native.SIGHUP, "SIGHUP")]
    [InlineData(Native.SIGTERM, "SIGTERM")]
    [InlineData(Native.SIGUSR1, "SIGUSR1")]
    [InlineData(Native.SIGUSR2, "SIGUSR2")]
    [InlineData(Native.SIGQUIT, "SIGQUIT")]
    public void IsCountedAndTold(int signal, string name)
    {
        using Daemon daemon = Daemon.Interactive();
        for (int count = 1; count <= 3; count++)
        {
            daemon.Signal(signal);
            daemon.Await($"signal⇥{name}⇥*⇥{count}");
        }

        string restated = daemon.Dump()[^1];
        Assert.True(Text.Matches(restated, $"signal⇥{name}⇥*⇥3"), restated);
        Assert.False(daemon.HasEnded);
    }

    [Fact]
    public void IsCountedThoughItWasIgnoredOrBlockedBefore()
    {
        int[] signals = [Native.SIGHUP, Native.SIGINT, Native.SIGTERM, Native.SIGUSR1, Native.SIGUSR2, Native.SIGQUIT];
        Launch launch = new Launch(Binary.Path, "-i").After("trap '' HUP INT TERM USR1 USR2 QUIT CHLD");
        launch.Blocked.AddRange([.. signals, Native.SIGCHLD]);
        using Daemon daemon = Daemon.Interactive(launch);
        foreach (int signal in signals)
        {
            daemon.Signal(signal);
            daemon.Await("signal⇥*⇥*⇥1");
        }

        daemon.Send("service.args⇥a⇥/bin/true", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
    }

    [Fact]
    public void AllPendingOnesAreRestatedOldestFirst()
    {
        using Daemon daemon = Daemon.Interactive();
        foreach (int signal in new[] { Native.SIGUSR2, Native.SIGHUP, Native.SIGINT })
        {
            daemon.Signal(signal);
            daemon.Await("signal⇥*⇥*⇥1");
        }

        string[] names = [.. daemon.Dump().Where(line => line.StartsWith("signal⇥", System.StringComparison.Ordinal))
            .Select(line => line.Split('⇥')[1])];
        Assert.Equal(["SIGUSR2", "SIGHUP", "SIGINT"], names);
    }

    [Theory]
    [InlineData(Native.SIGPIPE)]
    [InlineData(Native.SIGALRM)]
    [InlineData(Native.SIGCHLD)]
    [InlineData(Native.SIGXFSZ)]
    public void OthersDoNothing(int signal)
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Signal(signal);
        daemon.Signal(Native.SIGHUP);
        daemon.Await("signal⇥SIGHUP⇥*⇥1");
        Assert.Empty(daemon.Sync());
        Assert.DoesNotContain(daemon.Dump()[..^1], line => line.StartsWith("signal⇥", System.StringComparison.Ordinal));
    }
}
