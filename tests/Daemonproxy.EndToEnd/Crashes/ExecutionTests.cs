using System;
using System.IO;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>A crash when the program cannot be executed again, for a while or for ever.</summary>
public class ExecutionTests
{
    [StraceFact]
    public void WhatTheKernelIsShortOfIsWaitedFor()
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
        daemon.Log.Await(
            line => line == "fatal: daemonproxy crashed and cannot be executed again", "word of the end");
    }
}
