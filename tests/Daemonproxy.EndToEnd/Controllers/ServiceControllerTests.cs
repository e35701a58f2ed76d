using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Controllers;

/// <summary>A service that is a controller: it has a connection of its own, and a new one with every run.</summary>
public class ServiceControllerTests
{
    private const string BothWays = "control.socket⇥control.socket⇥stderr";
    private const string Apart = "control.event⇥control.cmd⇥stderr";

    [Theory]
    [InlineData(BothWays)]
    [InlineData(Apart)]
    public void AControllerThatIsKilledComesBackInSync(string descriptors)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.tags⇥a⇥one", "service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        daemon.AwaitUp("a");
        daemon.Signal(SIGHUP);
        daemon.Await("signal⇥SIGHUP⇥*⇥1");
        StartKeeper(daemon, scratch, descriptors);
        int first = daemon.AwaitUp("keeper");
        AssertInSync(daemon, scratch, first);

        _ = kill(first, SIGKILL);
        daemon.Await($"service.state⇥keeper⇥down⇥*⇥{first}⇥signal⇥SIGKILL⇥*⇥*");
        daemon.Send("service.tags⇥a⇥two", "service.args⇥b⇥/bin/true", "fd.pipe⇥r⇥w", "service.signal⇥a⇥KILL");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGKILL⇥*⇥*");
        int second = daemon.AwaitUp("keeper");
        AssertInSync(daemon, scratch, second);
        Assert.Contains("service.tags\ta\ttwo", File.ReadAllLines(Seen(scratch, second)));
    }

    [Theory]
    [InlineData(BothWays)]
    [InlineData(Apart)]
    public void AChildThatKeepsTheConnectionOfAnEarlierRunHoldsNothing(string descriptors)
    {
        const int Runs = 30;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i", "-S", scratch["socket"]));
        string script = scratch.Script("boss", $"sleep 1000 & echo \"service.tags\tran\t$1\" >&1; exit 1");
        daemon.Send($"service.fds⇥boss⇥{descriptors}");
        for (int run = 0; run < Runs; run++)
        {
            daemon.Send($"service.args⇥boss⇥{script}⇥{run}", "service.start⇥boss");
            daemon.Await("service.state⇥boss⇥down⇥*⇥*⇥exit⇥1⇥*⇥*");
        }

        // What the last run of all sent is run like the rest.
        Patience.Until(
            () => daemon.Heard.Contains($"service.tags\tran\t{Runs - 1}\n", StringComparison.Ordinal), "the last tag");
        Assert.InRange(daemon.Counters()["controllers.used"], 1, 3);
        using Connection other = Connection.To(scratch["socket"]);
        other.Sync();
    }

    [Theory]
    [InlineData(BothWays)]
    [InlineData(Apart)]
    public void AControllerLearnsOfItselfAndThenOfSignals(string descriptors)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Signal(SIGHUP);
        daemon.Await("signal⇥SIGHUP⇥*⇥1");
        daemon.Signal(SIGUSR1);
        daemon.Await("signal⇥SIGUSR1⇥*⇥1");
        StartKeeper(daemon, scratch, descriptors);
        int keeper = daemon.AwaitUp("keeper");
        string[] seen = AwaitSynced(scratch, keeper);
        Assert.True(Text.Matches(seen[0], $"service.state⇥keeper⇥up⇥*⇥{keeper}⇥-⇥-⇥0⇥-"), seen[0]);
        Assert.True(Text.Matches(seen[1], "signal⇥SIGHUP⇥*⇥1"), seen[1]);
        Assert.True(Text.Matches(seen[2], "signal⇥SIGUSR1⇥*⇥1"), seen[2]);
        Assert.StartsWith("fd.state\t", seen[3], StringComparison.Ordinal);
    }

    [Fact]
    public void AControllerReceivesEventsAndItsCommandsCount()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        StartKeeper(daemon, scratch, BothWays);
        int keeper = daemon.AwaitUp("keeper");
        AwaitSynced(scratch, keeper);
        daemon.Send("service.tags⇥x⇥told");
        Patience.Until(
            () => File.ReadAllText(Seen(scratch, keeper)).Contains("service.tags\tx\ttold\n", StringComparison.Ordinal),
            "the keeper is told");
        string script = scratch.Script("setter", "printf 'service.tags\\tx\\tset\\n'");
        daemon.Send("service.fds⇥setter⇥null⇥control.cmd⇥stderr", $"service.args⇥setter⇥{script}");
        daemon.Send("service.start⇥setter");
        daemon.Await("service.tags⇥x⇥set");
    }

    [Fact]
    public void ItsEndFreesItsPlace()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/true", "service.fds⇥a⇥control.socket");
        for (int run = 0; run < 40; run++)
        {
            daemon.Send("service.start⇥a");
            daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        }

        Patience.Until(() => daemon.Counters()["controllers.used"] == 1, "only the session is left");
    }

    [Fact]
    public void WithoutAFreePlaceItWaits()
    {
        // Sixteen places: one is the session's, two are kept for the control sockets.
        const int Free = 13;
        using Daemon daemon = Daemon.Interactive();
        for (int n = 0; n <= Free; n++)
        {
            daemon.Send($"service.args⇥c{n}⇥/bin/sleep⇥1000", $"service.fds⇥c{n}⇥control.event", $"service.start⇥c{n}");
        }

        int first = daemon.AwaitUp("c0");
        daemon.AwaitUp($"c{Free - 1}");
        daemon.Log.Await(line => line.StartsWith("error: ", StringComparison.Ordinal), "why it waits");
        daemon.Sync();
        Assert.Equal(Free, Proc.Children(daemon.Pid).Length);
        _ = kill(first, SIGKILL);
        daemon.AwaitUp($"c{Free}");
    }

    // Keeps a picture: everything it is told goes to a file of its own, after it has asked for everything. Descriptor 3
    // keeps its command pipe open: the end of the commands would end the connection.
    private static void StartKeeper(Daemon daemon, Scratch scratch, string descriptors)
    {
        string script = scratch.Script(
            "keeper", $"printf 'statedump\\necho\\tsynced\\n'\nexec 3>&1\nexec cat >{scratch["seen"]}.$$");
        daemon.Send(
            $"service.args⇥keeper⇥{script}", $"service.fds⇥keeper⇥{descriptors}", "service.auto_up⇥keeper⇥1⇥always");
    }

    private static string Seen(Scratch scratch, int pid) => $"{scratch["seen"]}.{pid}";

    private static string[] AwaitSynced(Scratch scratch, int pid)
    {
        string file = Seen(scratch, pid);
        Patience.Until(
            () => File.Exists(file) && File.ReadAllText(file).Contains("\nsynced\n", StringComparison.Ordinal),
            "the keeper has what it asked for");
        return File.ReadAllLines(file);
    }

    private static void AssertInSync(Daemon daemon, Scratch scratch, int pid)
    {
        string[] seen = AwaitSynced(scratch, pid);
        int start = Array.FindIndex(seen, line => line.StartsWith("fd.state\t", StringComparison.Ordinal));
        int end = Array.IndexOf(seen, "synced");
        Assert.Equal(daemon.Dump().Select(WithoutAge), seen[start..end].Select(Text.Shown).Select(WithoutAge));
    }

    // UPTIME and DOWNTIME go on between two looks.
    private static string WithoutAge(string line)
    {
        string[] fields = line.Split('⇥');
        return fields[0] == "service.state" ? string.Join('⇥', fields[..^2]) : line;
    }
}
