using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Signals;

/// <summary>Signals to the daemon are counted and told; they never end it.</summary>
public class DaemonSignalTests
{
    public static TheoryData<int, string> CountedSignals => new()
    {
        { SIGINT, "SIGINT" },
        { SIGHUP, "SIGHUP" },
        { SIGTERM, "SIGTERM" },
        { SIGUSR1, "SIGUSR1" },
        { SIGUSR2, "SIGUSR2" },
        { SIGQUIT, "SIGQUIT" },
        { SIGPWR, "SIGPWR" },
        { 35, "SIGRTMIN+1" },
        { 49, "SIGRTMIN+15" },
    };

    public static TheoryData<int, string> DroppedSignals => new()
    {
        { SIGALRM, "SIGALRM" },
        { SIGSTKFLT, "SIGSTKFLT" },
        { SIGCONT, "SIGCONT" },
        { SIGTSTP, "SIGTSTP" },
        { SIGTTIN, "SIGTTIN" },
        { SIGTTOU, "SIGTTOU" },
        { SIGURG, "SIGURG" },
        { SIGXCPU, "SIGXCPU" },
        { SIGVTALRM, "SIGVTALRM" },
        { SIGPROF, "SIGPROF" },
        { SIGWINCH, "SIGWINCH" },
        { SIGIO, "SIGIO" },
        { 32, "SIG-?" },
        { 33, "SIG-?" },
        { 34, "SIGRTMIN" },
        { 50, "SIGRTMAX-14" },
        { 64, "SIGRTMAX" },
    };

    public static TheoryData<int> OtherSignals => [SIGPIPE, SIGALRM, SIGCHLD, SIGXFSZ];

    [Theory]
    [MemberData(nameof(CountedSignals))]
    public void IsCountedAndReported(int signal, string name)
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
        int[] signals = [SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGQUIT];
        Launch launch = new Launch(Binary.Path, "-i").After("trap '' HUP INT TERM USR1 USR2 QUIT CHLD");
        launch.Blocked.AddRange([.. signals, SIGCHLD]);
        using Daemon daemon = Daemon.Interactive(launch);
        foreach (int signal in signals)
        {
            daemon.Signal(signal);
            daemon.Await("signal⇥*⇥*⇥1");
        }

        daemon.Send("service.args⇥a⇥/bin/true", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
    }

    [Theory]
    [MemberData(nameof(DroppedSignals))]
    public void ASignalThatMeansNothingIsDroppedAndLogged(int signal, string name)
    {
        using Daemon daemon = Daemon.Interactive("-v", "-v");
        daemon.Signal(signal);
        daemon.Log.Await(line => line == $"debug: dropped {name}", "the line of the dropped signal");
        Assert.Empty(daemon.Sync());
        Proc.AwaitRest(daemon.Pid, "daemonproxy");
    }

    [Theory]
    [MemberData(nameof(DroppedSignals))]
    public void AServiceGetsTheDefaultOfASignalThatTheDaemonDrops(int signal, string name)
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        Assert.Equal(0UL, Proc.SignalSet(service, "SigBlk") | Proc.SignalSet(service, "SigIgn"));
        if (new[] { SIGCONT, SIGURG, SIGWINCH, SIGTSTP, SIGTTIN, SIGTTOU }.Contains(signal))
        {
            return;
        }

        _ = kill(service, signal);
        daemon.Await($"service.state⇥a⇥down⇥*⇥{service}⇥signal⇥{name}⇥*⇥*");
    }

    [Fact]
    public void AllPendingOnesAreRestatedOldestFirst()
    {
        using Daemon daemon = Daemon.Interactive();
        foreach (int signal in new[] { SIGUSR2, SIGHUP, SIGINT })
        {
            daemon.Signal(signal);
            daemon.Await("signal⇥*⇥*⇥1");
        }

        string[] names = [.. daemon.Dump().Where(line => line.StartsWith("signal⇥", System.StringComparison.Ordinal))
            .Select(line => line.Split('⇥')[1])];
        Assert.Equal(["SIGUSR2", "SIGHUP", "SIGINT"], names);
    }

    [Theory]
    [MemberData(nameof(OtherSignals))]
    public void OthersDoNothing(int signal)
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Signal(signal);
        daemon.Signal(SIGHUP);
        daemon.Await("signal⇥SIGHUP⇥*⇥1");
        Assert.Empty(daemon.Sync());
        Assert.DoesNotContain(daemon.Dump()[..^1], line => line.StartsWith("signal⇥", System.StringComparison.Ordinal));
    }
}
