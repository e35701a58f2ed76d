using System;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.FirstProcess;

/// <summary>The daemon as the first process of a PID namespace, as of a container.</summary>
public class FirstProcessTests
{
    [PidNamespaceFact]
    public void TheDaemonReapsOrphansThatAreNotItsServices()
    {
        const int Orphans = 20;
        using Scratch scratch = new();
        using Daemon daemon = Namespace.Start();
        string script = scratch.Script(
            "orphans", $"n=0\nwhile [ $n -lt {Orphans} ]; do (sleep 0.05 & exit 0); n=$((n+1)); done");
        daemon.Send($"service.args⇥a⇥{script}", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Patience.Until(() => daemon.Counters()["reaps.strangers"] == Orphans, "all orphans are reaped");
        Assert.Empty(Proc.Children(daemon.Pid));
        Assert.Equal(1, daemon.Counters()["reaps.services"]);
    }

    [PidNamespaceFact]
    public void TheDaemonIsPidOneAndItsServicesHaveTheirNumbersThere()
    {
        using Daemon daemon = Namespace.Start();
        Assert.Equal("1", Proc.Status(daemon.Pid, "NSpid").Split('\t')[^1]);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int told = daemon.AwaitUp("a");
        int seen = Proc.Children(daemon.Pid).Single();
        Assert.Equal($"{told}", Proc.Status(seen, "NSpid").Split('\t')[^1]);
    }

    [PidNamespaceFact]
    public void SignalsAreAnnouncedThereToo()
    {
        using Daemon daemon = Namespace.Start();
        daemon.Signal(SIGTERM);
        daemon.Await("signal⇥SIGTERM⇥*⇥1");
        daemon.Signal(SIGINT);
        daemon.Await("signal⇥SIGINT⇥*⇥1");
        Assert.False(daemon.HasEnded);
    }

    [PidNamespaceFact]
    public void TheDaemonSurvivesACrashAsProcess1()
    {
        using Daemon daemon = Namespace.Start();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        daemon.Signal(SIGSEGV);
        daemon.Await("overflow");
        Assert.Contains(
            daemon.Dump(), line => line.StartsWith("service.state⇥a⇥up⇥", StringComparison.Ordinal)
                && line.Split('⇥')[4] == $"{service}");
    }

    [PidNamespaceFact]
    public void WithNothingToExecuteItStaysToBuryOrphansWhenCrashesComeTooFast()
    {
        using Daemon daemon = Namespace.Start();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        daemon.AwaitUp("a");
        for (int crash = 0; crash < 8; crash++)
        {
            daemon.Signal(SIGSEGV);
            daemon.Await("overflow");
        }

        daemon.Signal(SIGSEGV);
        daemon.Log.Await(line => line == "fatal: daemonproxy crashed too often", "word of the last crash");
        daemon.Signal(SIGSEGV);
        daemon.Signal(SIGTERM);
        _ = kill(Proc.Children(daemon.Pid).Single(), SIGKILL);
        Patience.Until(() => Proc.Children(daemon.Pid).Length == 0, "what was a service is waited for");
        Assert.False(daemon.HasEnded);
    }

    [Fact]
    public void WithSubreaperItGetsTheOrphansOfItsServicesWithoutBeingTheFirstProcess()
    {
        const int Orphans = 20;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("--subreaper");
        string script = scratch.Script(
            "orphans", $"n=0\nwhile [ $n -lt {Orphans} ]; do (sleep 0.05 & exit 0); n=$((n+1)); done");
        daemon.Send($"service.args⇥a⇥{script}", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Patience.Until(() => daemon.Counters()["reaps.strangers"] == Orphans, "all orphans are reaped");
        Assert.Equal(1, daemon.Counters()["reaps.services"]);
    }
}
