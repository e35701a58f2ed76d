using System.IO;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Running;

/// <summary>Programs whose execve(2) waits: another process holds a write lease on them, fcntl(2) F_SETLEASE.</summary>
public class HangingLaunchTests
{
    [PythonFact]
    public void ALaunchThatWaitsHoldsUpNobodyElse()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        StartLeasedProgram(daemon, scratch);
        Assert.Equal(["stats⇥launches.waiting⇥1"], daemon.Ask("stats⇥launches.waiting"));
        daemon.Send("service.args⇥other⇥/bin/true", "service.start⇥other");
        daemon.Await("service.state⇥other⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Send("service.signal⇥holder⇥KILL");
        daemon.Await("service.state⇥leased⇥down⇥*⇥*⇥exit⇥42⇥*⇥*");
        Assert.Contains("stats⇥launches.waiting⇥0", daemon.Ask("stats⇥launches.waiting"));
    }

    [PythonFact]
    public void ALaunchThatWaitsCanBeKilled()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        StartLeasedProgram(daemon, scratch);
        daemon.Send("service.signal⇥leased⇥KILL");
        daemon.Await("service.state⇥leased⇥down⇥*⇥*⇥signal⇥SIGKILL⇥*⇥*");
        Assert.Contains("stats⇥launches.waiting⇥0", daemon.Ask("stats⇥launches.waiting"));
    }

    [PythonTheory]
    [InlineData("reexec⇥-")]
    [InlineData("debug.crash⇥wild")]
    public void ALaunchThatWaitsGoesOnOverAnUpgradeAndACrash(string command)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        StartLeasedProgram(daemon, scratch);
        daemon.Send(command);
        Assert.Contains("stats⇥launches.waiting⇥1", daemon.Ask("stats⇥launches.waiting"));
        daemon.Send("service.signal⇥holder⇥KILL");
        daemon.Await("service.state⇥leased⇥down⇥*⇥*⇥exit⇥42⇥*⇥*");
        Assert.Contains("stats⇥spawns⇥2", daemon.Ask("stats⇥spawns"));
        Assert.Contains("stats⇥launches.waiting⇥0", daemon.Ask("stats⇥launches.waiting"));
    }

    [PythonFact]
    public void AReexecThatWaitsHoldsUpNobodyElseAndIsCancelled()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        string program = HoldLease(daemon, scratch);
        daemon.Send($"reexec⇥{program}", "echo⇥after");
        using Connection other = Connection.To(scratch["socket"]);
        Assert.Contains("alive", other.Ask("echo⇥alive"));
        other.Send("service.args⇥other⇥/bin/true", "service.start⇥other");
        other.Await("service.state⇥other⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Assert.DoesNotContain("\nafter\n", daemon.Heard, System.StringComparison.Ordinal);
        AwaitRefusal(daemon, "it did not answer in time");
        daemon.Await("after");

        // Its process has ended with SIGKILL, so that the next check can use its memory.
        Patience.Until(() => daemon.Ask("reexec⇥-").Length == 0, "another program takes over");
        Assert.Contains("stats⇥reexecs⇥1", daemon.Ask("stats⇥reexecs"));
    }

    [PythonFact]
    public void AReexecWhoseProgramCanBeExecutedLaterGetsItsAnswer()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        string program = HoldLease(daemon, scratch);
        daemon.Send($"reexec⇥{program}");
        using Connection other = Connection.To(scratch["socket"]);
        other.Send("service.signal⇥holder⇥KILL");
        AwaitRefusal(daemon, "it does not say that it can take over");
    }

    private static void AwaitRefusal(Daemon daemon, string reason) => daemon.Output.Await(
        line => line.Contains($"cannot be replaced: {reason}, for command", System.StringComparison.Ordinal), reason);

    // Service "holder" has the lease, and service "leased" waits for it.
    private static void StartLeasedProgram(Daemon daemon, Scratch scratch)
    {
        string program = HoldLease(daemon, scratch);
        daemon.Send($"service.args⇥leased⇥{program}", "service.start⇥leased");
        daemon.Await("service.state⇥leased⇥up⇥*⇥*⇥-⇥-⇥*⇥-");
        Assert.Equal(["alive"], daemon.Ask("echo⇥alive"));
    }

    // Service "holder" has the lease on a program, which is returned.
    private static string HoldLease(Daemon daemon, Scratch scratch)
    {
        string program = scratch.Script("leased", "exit 42");
        string holder = Python.Service(scratch, "holder", $"""
            import fcntl, os, signal
            signal.signal(signal.SIGIO, signal.SIG_IGN)
            fd = os.open("{program}", os.O_RDWR)
            fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            open("{scratch["held"]}", "w").close()
            signal.pause()
            """);
        daemon.Send($"service.args⇥holder⇥{holder}", "service.start⇥holder");
        Patience.Until(() => File.Exists(scratch["held"]), "the lease is held");
        return program;
    }
}
