using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>The daemon's own crashes, made by debug.crash: survived, the line that crashed not run again.</summary>
public class OwnCrashTests
{
    [Theory]
    [InlineData("wild")]
    [InlineData("null")]
    [InlineData("overflow")]
    [InlineData("throw")]
    [InlineData("assert")]
    public void TheLineThatCrashedIsAnsweredAndNotRunAgain(string kind)
    {
        using Daemon daemon = Start();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Assert.Equal(
            ["before", "overflow", $"error⇥internal error, for command \"debug.crash⇥{kind}\"", "after"],
            daemon.Ask("echo⇥before", $"debug.crash⇥{kind}", "echo⇥after").OrderBy(PlaceOf));
        Assert.Equal(1, daemon.Counters()["crashes"]);
        Assert.Equal([service], Proc.Children(daemon.Pid));
        Assert.Contains(daemon.Dump(), line => Text.Matches(line, $"service.state⇥a⇥up⇥*⇥{service}⇥-⇥-⇥*⇥-"));
        daemon.Log.Await(
            line => line.StartsWith("error: daemonproxy crashed (", StringComparison.Ordinal), "word of the crash");
        Assert.Equal(0, daemon.Counters()["gc.allocated"]);
    }

    [Fact]
    public void ServicesAndDescriptorsAreKnownAfterACrash()
    {
        using Scratch scratch = new();
        using Daemon daemon = Start();
        daemon.Signal(SIGHUP);
        daemon.Await("signal⇥SIGHUP⇥*⇥1");
        daemon.Send(
            "fd.pipe⇥r⇥w",
            $"fd.open⇥f⇥write,create⇥{scratch["f"]}",
            "service.args⇥writer⇥/bin/echo⇥kept in the pipe",
            "service.fds⇥writer⇥null⇥w⇥stderr",
            "service.start⇥writer",
            "service.args⇥later⇥/bin/true",
            "service.start⇥later⇥2147483647",
            "service.auto_up⇥never⇥7⇥SIGUSR1",
            "log.filter⇥info");
        daemon.Await("service.state⇥writer⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        string[] before = [.. daemon.Dump().Where(IsTimeless)];
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        Assert.Equal(before, daemon.Dump().Where(IsTimeless));
        Assert.Equal(["log.filter⇥info"], daemon.Ask("log.filter"));
        daemon.Send("service.args⇥reader⇥/usr/bin/head⇥-n⇥1", "service.fds⇥reader⇥r⇥f⇥stderr", "service.start⇥reader");
        daemon.Await("service.state⇥reader⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Assert.Equal("kept in the pipe\n", File.ReadAllText(scratch["f"]));
    }

    [Fact]
    public void ControllersAreStillConnectedAndAskedForADump()
    {
        using Scratch scratch = new();
        using Daemon daemon = Start();
        string script = scratch.Script("keeper", $"exec 3>&1; exec cat >{scratch["seen"]}");
        daemon.Send("service.fds⇥k⇥control.event⇥control.cmd⇥stderr", $"service.args⇥k⇥{script}", "service.start⇥k");
        int keeper = daemon.AwaitUp("k");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        daemon.Send("service.tags⇥x⇥after");
        Patience.Until(
            () => Lines(scratch).Contains("service.tags\tx\tafter"), "the keeper is told of what comes after");
        Assert.Single(Lines(scratch), line => line == "overflow");
        Assert.Equal([keeper], Proc.Children(daemon.Pid));
    }

    [Fact]
    public void ChildrenAfterwardsGetWhatChildrenBeforeGot()
    {
        Launch launch = new(Binary.Path, "-i", "--debug-crash");
        launch.Variables = [launch.Mark, "BYTES=\u0080\u00FF", "PATH=/bin"];
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        daemon.Send("service.args⇥a⇥sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        Assert.Equal(
            string.Concat(launch.Variables.Select(variable => variable + "\0")),
            Text.From(File.ReadAllBytes($"/proc/{service}/environ")));
        Assert.Equal([0, 1, 2], Proc.Descriptors(service).Keys);
        Assert.Equal(0UL, Proc.SignalSet(service, "SigBlk") | Proc.SignalSet(service, "SigIgn"));
        Assert.Equal("0077", Proc.Status(service, "Umask"));
    }

    [Fact]
    public void AFullLogDoesNotHoldItUp()
    {
        Launch launch = new(Binary.Path, "-i", "--debug-crash", "-v");
        (Fd reader, Fd writer) = Fd.Pipe();
        using Fd unread = reader;
        launch.Descriptors[2] = writer;
        using Daemon daemon = Daemon.Interactive(launch);
        writer.Dispose();
        daemon.Ask([.. Enumerable.Range(0, 5000).Select(n => $"echo⇥{n}")]);
        foreach (string kind in new[] { "throw", "assert", "wild" })
        {
            daemon.Send($"debug.crash⇥{kind}");
            daemon.Await("overflow");
        }

        Assert.Equal(3, daemon.Counters()["crashes"]);
    }

    [Fact]
    public void CrashesTooCloseTogetherEndIt()
    {
        using Daemon daemon = Start();
        for (int crash = 0; crash < 8; crash++)
        {
            daemon.Send("debug.crash⇥null");
            daemon.Await("overflow");
        }

        daemon.Send("debug.crash⇥null");
        Assert.Equal(4, daemon.AwaitExit().Code);
    }

    [Fact]
    public void WithoutTheOptionThereIsNoSuchCommand()
    {
        using Daemon daemon = Daemon.Interactive();
        Assert.Equal(
            ["error⇥Unknown command: debug.crash"], daemon.Ask("debug.crash⇥wild"));
    }

    private static Daemon Start() => Daemon.Interactive("--debug-crash");

    // What is told of the crash may come in either order; both after what was asked before and before what comes after.
    private static int PlaceOf(string line) => line switch
    {
        "before" => 0,
        "overflow" => 1,
        "after" => 3,
        _ => 2,
    };

    private static bool IsTimeless(string line) =>
        !line.StartsWith("service.state", StringComparison.Ordinal) || line.EndsWith("⇥-", StringComparison.Ordinal);

    private static string[] Lines(Scratch scratch) =>
        File.Exists(scratch["seen"]) ? File.ReadAllLines(scratch["seen"]) : [];
}
