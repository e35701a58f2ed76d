using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>A crash when the program cannot be executed again, for a while or for ever.</summary>
public class ExecutionTests
{
    private const string Complaint = "fatal: daemonproxy crashed and cannot be executed again";

    [StraceFact]
    public void AnExecutionWaitsForResourcesThatTheKernelLacks()
    {
        using Scratch scratch = new();
        Launch launch = new Launch(Binary.Path, "-i", "--debug-crash").Under(
            "/usr/bin/strace", "-qq", "-o", scratch["calls"], "-e", "trace=execveat,nanosleep,clock_nanosleep",
            "-e", "signal=none", "-e", "inject=execveat:error=ENOMEM:when=1..3");
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        Assert.Contains(daemon.Dump(), line => Text.Matches(line, $"service.state⇥a⇥up⇥*⇥{service}⇥-⇥-⇥*⇥-"));
        Assert.Equal(1, daemon.Counters()["crashes"]);
        Assert.Equal(
            3, File.ReadAllText(scratch["calls"]).Split("ENOMEM", StringSplitOptions.None).Length - 1);
    }

    [Fact]
    public void AProgramThatMayNotBeExecutedAnyMoreEndsAndSaysWhy()
    {
        using Scratch scratch = new();
        File.Copy(Binary.Path, scratch["daemon"]);
        using Daemon daemon = Daemon.Interactive(new Launch(scratch["daemon"], "-i", "--debug-crash"));
        File.SetUnixFileMode(scratch["daemon"], UnixFileMode.UserRead);
        daemon.Send("debug.crash⇥wild");
        Assert.Equal(4, daemon.AwaitExit().Code);
        daemon.Log.Await(line => line == Complaint, "word of the end");
    }

    [Fact]
    public void WithoutAnImageACrashIsTheEndAndTheLogSaysSoAtTheStart()
    {
        using Daemon daemon = Daemon.Interactive(WithoutImage());
        daemon.Log.Await(
            line => line == "warning: crashes will not be survived: the kernel keeps no image", "a warning");
        daemon.Send("debug.crash⇥throw");
        Assert.Equal(4, daemon.AwaitExit().Code);
        daemon.Log.Await(line => line == Complaint, "word of the end");
    }

    [Fact]
    public void WithoutAnImageAFatalSignalStillTakesTheWayOut()
    {
        using Daemon daemon = Daemon.Interactive(WithoutImage());
        daemon.Ask("terminate.exec_args⇥/bin/sh⇥-c⇥exit 7");
        daemon.Signal(SIGABRT);
        Assert.Equal(7, daemon.AwaitExit().Code);
    }

    [Fact]
    public void TheImageOfAnotherProcessIsNotResumed()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.tags⇥a⇥b");
        daemon.Sync();
        int image = Proc.Descriptors(daemon.Pid).Single(
            fd => fd.Value.StartsWith("/memfd:daemonproxy", StringComparison.Ordinal)).Key;
        Launch thief = new Launch(Binary.Path, "--resume", "9").After($"exec 9<>/proc/{daemon.Pid}/fd/{image}");
        using Daemon refused = Daemon.Start(thief);
        refused.Log.Await(
            line => line == "fatal: cannot resume the image: it belongs to another process", "a refusal");
        Assert.Equal(4, refused.AwaitExit().Code);
        Assert.Contains("service.tags⇥a⇥b", daemon.Dump());
    }

    // No file may be as large as that.
    private static Launch WithoutImage() => new Launch(Binary.Path, "-i", "--debug-crash").After("ulimit -f 0");
}
