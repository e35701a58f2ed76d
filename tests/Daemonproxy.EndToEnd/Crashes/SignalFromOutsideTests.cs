using System;
using System.Linq;
using System.Threading;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>A fatal signal sent by another process: the same PID goes on, and nobody has lost anything.</summary>
public class SignalFromOutsideTests
{
    public static TheoryData<int> FatalSignals => [SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSYS];

    [Theory]
    [MemberData(nameof(FatalSignals))]
    public void ServicesAndTheSessionAreStillThere(int signal)
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.tags⇥a⇥tag", "service.args⇥a⇥/bin/sleep⇥1000", "fd.pipe⇥r⇥w", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        string[] before = daemon.Dump();
        daemon.Signal(signal);
        daemon.Await("overflow");
        string[] after = daemon.Dump();
        Assert.Equal(before.Where(IsTimeless), after.Where(IsTimeless));
        Assert.Contains(after, line => Text.Matches(line, $"service.state⇥a⇥up⇥*⇥{service}⇥-⇥-⇥*⇥-"));
        Assert.Equal([service], Proc.Children(daemon.Pid));
        Assert.Equal(1, daemon.Counters()["spawns"]);
        _ = kill(service, SIGKILL);
        daemon.Await($"service.state⇥a⇥down⇥*⇥{service}⇥signal⇥SIGKILL⇥*⇥*");
        Assert.Equal(0, daemon.Counters()["gc.allocated"]);
    }

    [Fact]
    public void EveryLineIsRunOnceAndAnsweredWhole()
    {
        const int Lines = 30_000;
        using Daemon daemon = Daemon.Interactive();
        Thread sender = new(() => daemon.Send([.. Enumerable.Range(0, Lines).Select(n => $"echo⇥{n}")]));
        sender.Start();
        for (int crash = 0; crash < 5; crash++)
        {
            daemon.Signal(SIGSEGV);
            daemon.Await("overflow");
        }

        sender.Join();
        daemon.Sync();
        string[] heard = daemon.Heard.Split('\n');
        Assert.Equal(
            Enumerable.Range(0, Lines).Select(n => $"{n}"), heard.Where(line => line is [>= '0' and <= '9', ..]));
        Assert.Equal(5, heard.Count(line => line == "overflow"));
    }

    [Fact]
    public void AHalfSentLineIsFinishedAfterwards()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.SendRaw("echo⇥first\necho⇥ha");
        daemon.Await("first");
        daemon.Signal(SIGSEGV);
        daemon.Await("overflow");
        daemon.SendRaw("lf\n");
        daemon.Await("half");
    }

    [Fact]
    public void AChildThatEndsMeanwhileIsAnnouncedWithItsStatus()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        daemon.Signal(SIGSTOP);
        Patience.Until(() => Proc.Status(daemon.Pid, "State") is ['T', ..], "the daemon is stopped");
        _ = kill(service, SIGTERM);
        Patience.Until(() => !Proc.IsAlive(service), "the service is dead");
        daemon.Signal(SIGSEGV);
        daemon.Signal(SIGHUP);
        daemon.Signal(SIGCONT);
        AwaitHeard(daemon, $"\t{service}\tsignal\tSIGTERM\t");
        AwaitHeard(daemon, "signal\tSIGHUP\t");
        AwaitHeard(daemon, "overflow\n");
        Assert.Equal(1, daemon.Counters()["crashes"]);
        Assert.Empty(Proc.Children(daemon.Pid));
    }

    private static void AwaitHeard(Daemon daemon, string text) =>
        Patience.Until(() => daemon.Heard.Contains(text, StringComparison.Ordinal), text, () => daemon.Heard);

    private static bool IsTimeless(string line) => !line.StartsWith("service.state", StringComparison.Ordinal);
}
