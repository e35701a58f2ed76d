using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>Stops, and what a run leaves behind, with real processes.</summary>
public class StopTests
{
    // A shell that ignores SIGTERM, its child that does too, and the file that has the child's number.
    private const string Deaf = "trap '' TERM; sleep 1000 & echo $! >\"$0\"; wait; wait";

    [Fact]
    public void AStopEndsTheWholeTreeOfAServiceThatLeadsASession()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            $"service.args⇥a⇥/bin/sh⇥-c⇥{Deaf}⇥{scratch["child"]}", "service.process⇥a⇥session",
            "service.auto_up⇥a⇥1⇥always");
        int service = daemon.AwaitUp("a");
        int child = NumberIn(scratch["child"]);
        daemon.Send("service.stop⇥a⇥1");
        daemon.Await("service.stop⇥a⇥*⇥*");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGKILL⇥*⇥*");
        daemon.Await("service.empty⇥a⇥*");

        Assert.False(IsThere(service));
        Assert.False(IsThere(child));
        Assert.Contains(daemon.Dump(), line => Text.Matches(line, "service.stop⇥a⇥*⇥-"));
    }

    // Its number is free only when nothing of the session is left, whatever group that is in.
    [Fact]
    public void AGroupOfItsOwnInTheSessionIsNotOverlooked()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            $"service.args⇥a⇥/bin/bash⇥-c⇥set -m; sleep 1000 & echo $! >{scratch["child"]}",
            "service.process⇥a⇥session", "service.start⇥a");
        daemon.AwaitUp("a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        int child = NumberIn(scratch["child"]);
        daemon.Await("service.empty⇥a⇥*");
        Assert.False(IsThere(child));
    }

    [Fact]
    public void ProcessesThatAServiceLeavesBehindAreEndedBeforeItsNextStart()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            $"service.args⇥a⇥/bin/sh⇥-c⇥(trap '' TERM; echo >{scratch["child"]}; exec sleep 1000) & exec sleep 1000",
            "service.process⇥a⇥session⇥leave=1", "service.auto_up⇥a⇥1⇥always");
        int first = daemon.AwaitUp("a");
        Patience.Until(() => File.Exists(scratch["child"]), "the child runs");
        daemon.Send("service.signal⇥a⇥KILL");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGKILL⇥*⇥*");
        daemon.Await("service.state⇥a⇥start⇥*⇥-⇥-⇥-⇥-⇥-");
        Assert.Contains(SessionOf(first), IsThere);
        daemon.Await("service.empty⇥a⇥*");

        Assert.Empty(SessionOf(first));
        daemon.AwaitUp("a");
    }

    [Fact]
    public void ASignalReachesTheWholeTree()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            $"service.args⇥a⇥/bin/sh⇥-c⇥sleep 1000 & echo $! >{scratch["child"]}; wait", "service.process⇥a⇥session",
            "service.start⇥a");
        daemon.AwaitUp("a");
        int child = NumberIn(scratch["child"]);
        daemon.Send("service.signal⇥a⇥KILL⇥tree");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGKILL⇥*⇥*");

        Patience.Until(() => !IsThere(child), "the child has ended, too");
    }

    [Fact]
    public void AStopGoesOnOverACrashAndAnUpgrade()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        daemon.Send(
            $"service.args⇥a⇥/bin/sh⇥-c⇥{Deaf}⇥{scratch["child"]}", "service.process⇥a⇥session", "service.start⇥a");
        daemon.AwaitUp("a");
        int child = NumberIn(scratch["child"]);
        daemon.Send("service.stop⇥a⇥2", "debug.crash⇥wild");
        daemon.Await("overflow");
        daemon.Send("reexec⇥-");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGKILL⇥*⇥*");
        daemon.Await("service.empty⇥a⇥*");

        Assert.False(IsThere(child));
    }

    [Fact]
    public void AnotherProcessIsNotHit()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");

        Assert.Contains(
            daemon.Ask($"service.signal⇥a⇥TERM⇥pid={service + 1}"),
            line => line.StartsWith("error⇥service has another process", StringComparison.Ordinal));
        daemon.Send($"service.signal⇥a⇥TERM⇥pid={service}");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGTERM⇥*⇥*");
    }

    private static int NumberIn(string file)
    {
        Patience.Until(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), $"a number is in {file}");
        return int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
    }

    // A zombie has ended.
    private static bool IsThere(int process) =>
        File.Exists($"/proc/{process}/stat") && !Proc.Status(process, "State").StartsWith('Z');

    private static int[] SessionOf(int leader) =>
    [
        .. from directory in Directory.GetDirectories("/proc")
           let name = Path.GetFileName(directory)
           where int.TryParse(name, out _) && IsOf(directory, leader)
           select int.Parse(name, CultureInfo.InvariantCulture),
    ];

    private static bool IsOf(string directory, int leader)
    {
        try
        {
            string[] stat = File.ReadAllText(Path.Combine(directory, "stat")).Split(") ")[^1].Split(' ');
            return stat[3] == leader.ToString(CultureInfo.InvariantCulture) && stat[0] != "Z";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
