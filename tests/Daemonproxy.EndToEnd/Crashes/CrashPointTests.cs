using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>Real crashes at named points: the same process goes on with the same services, and obeys.</summary>
public class CrashPointTests
{
    private static readonly string[] _kinds = ["wild", "null", "overflow", "throw", "assert"];

    // Those that any conversation passes; the others are for the storm, and for the simulation.
    private static readonly string[] _points =
    [
        "line-noted", "line-taken", "line-run", "inbox-filled", "outbox-written", "write-piece", "service-change",
        "fd-change", "controller-change", "launch", "launched", "launch-told", "reaped", "reaped-told", "text-written",
        "text-named", "fd-made", "fd-named", "accepted", "signal-noted", "dump", "log-piece", "reexec-asked", "handler",
        "resume-begun", "resume-checked", "resume-answered", "launch-taken", "launch-read",
    ];

    // One kind for each point; with DAEMONPROXY_LONG=1, every kind.
    public static TheoryData<string, string> Cases()
    {
        TheoryData<string, string> cases = [];
        int kinds = Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") == "1" ? _kinds.Length : 1;
        for (int i = 0; i < _points.Length; i++)
        {
            for (int kind = 0; kind < kinds; kind++)
            {
                cases.Add(_points[i], _kinds[(i + kind) % _kinds.Length]);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheDaemonGoesOn(string point, string kind)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("--debug-crash", "-S", scratch["socket"]);
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a", "fd.pipe⇥r⇥w");
        int service = daemon.AwaitUp("a");
        daemon.Send($"debug.crash⇥{kind}⇥{point}");
        daemon.Send(
            "service.args⇥b⇥/bin/sh⇥-c⇥exit 7",
            "service.fds⇥b⇥control.socket",
            "service.start⇥b",
            "fd.open⇥f⇥read⇥/dev/null",
            "nonsense");
        using Connection other = Connection.To(scratch["socket"]);
        daemon.Send("statedump", "reexec⇥-");
        if (point.StartsWith("resume", StringComparison.Ordinal) || point == "handler")
        {
            // On the way of another crash: a fault of its own, for the handler.
            daemon.Send("debug.crash⇥null");
        }

        // Signals and connections come when they like: they may have come before the point was armed.
        Patience.Until(
            () =>
            {
                daemon.Signal(SIGHUP);
                using Connection? another = point == "accepted" ? Connection.To(scratch["socket"]) : null;
                return daemon.Heard.Contains("\noverflow\n", StringComparison.Ordinal);
            },
            "it has crashed",
            () => daemon.Heard);
        Alive.Await(daemon);
        Patience.Until(
            () => Proc.Children(daemon.Pid).SequenceEqual([service]), "nobody but the service is left as a child");
        Assert.InRange(daemon.Counters()["crashes"], 1, 3);
        Assert.Contains(daemon.Dump(), line => Text.Matches(line, $"service.state⇥a⇥up⇥*⇥{service}⇥-⇥-⇥*⇥-"));
        Assert.NotEmpty(other.Ask("echo⇥here"));
        daemon.Send("service.args⇥b⇥/bin/sh⇥-c⇥exit 7", "service.start⇥b");
        daemon.Await("service.state⇥b⇥down⇥*⇥*⇥exit⇥7⇥*⇥*");
        Assert.Equal(0, daemon.Counters()["gc.allocated"]);
    }

    [Fact]
    public void APointThatDoesNotExistIsAnError()
    {
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        Assert.Equal(
            ["error⇥unknown point \"nowhere\", for command \"debug.crash⇥wild⇥nowhere\""],
            daemon.Ask("debug.crash⇥wild⇥nowhere"));
    }
}
