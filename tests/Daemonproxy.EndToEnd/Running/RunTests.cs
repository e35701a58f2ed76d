using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Running;

/// <summary>Runs of a service: starts, ends with exit codes and by signals, and what is told of them.</summary>
public class RunTests
{
    public static TheoryData<int, string> SignalsFromOutside => new()
    {
        { SIGKILL, "SIGKILL" },
        { SIGTERM, "SIGTERM" },
        { SIGSEGV, "SIGSEGV" },
        { SIGABRT, "SIGABRT" },
        { SIGPIPE, "SIGPIPE" },
        { 40, "SIGRTMIN+6" },
    };

    [Fact]
    public void ARunIsAnnouncedFromStartToExit()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sh⇥-c⇥exit 7", "service.start⇥a");
        string start = daemon.Await("service.state⇥a⇥start⇥*⇥-⇥-⇥-⇥-⇥-");
        string up = daemon.Await("service.state⇥a⇥up⇥*⇥*⇥-⇥-⇥0⇥-");
        string down = daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥7⇥*⇥0");
        Assert.Equal(start.Split('\t')[3], up.Split('\t')[3]);
        Assert.Equal(up.Split('\t')[4], down.Split('\t')[4]);
        Assert.Empty(Proc.Children(daemon.Pid));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(255)]
    public void AnyExitCodeIsReported(int code)
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send($"service.args⇥a⇥/bin/sh⇥-c⇥exit {code}", "service.start⇥a");
        daemon.Await($"service.state⇥a⇥down⇥*⇥*⇥exit⇥{code}⇥*⇥*");
    }

    [Theory]
    [MemberData(nameof(SignalsFromOutside))]
    public void ASignalFromOutsideThatEndsAServiceIsReported(int signal, string name)
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        _ = kill(service, signal);
        daemon.Await($"service.state⇥a⇥down⇥*⇥{service}⇥signal⇥{name}⇥*⇥*");
    }

    [Theory]
    [InlineData("SIGUSR1", "SIGUSR1")]
    [InlineData("HUP", "SIGHUP")]
    [InlineData("9", "SIGKILL")]
    public void ASignalAskedForReachesTheService(string asked, string told)
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        daemon.AwaitUp("a");
        daemon.Send($"service.signal⇥a⇥{asked}");
        daemon.Await($"service.state⇥a⇥down⇥*⇥*⇥signal⇥{told}⇥*⇥*");
    }

    [Fact]
    public void ASignalToTheGroupReachesAllOfIt()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();

        // A service shares the daemon's process group; setsid gives it one of its own.
        string script = scratch.Script("tree", $"sleep 1000 &\necho $! > {scratch["pid.new"]}\n"
            + $"mv {scratch["pid.new"]} {scratch["pid"]}\nwait");
        daemon.Send($"service.args⇥a⇥/usr/bin/setsid⇥{script}", "service.start⇥a");
        daemon.AwaitUp("a");
        Patience.Until(() => System.IO.File.Exists(scratch["pid"]), "the tree stands");
        int grandchild = int.Parse(
            System.IO.File.ReadAllText(scratch["pid"]), System.Globalization.CultureInfo.InvariantCulture);
        daemon.Send("service.signal⇥a⇥SIGTERM⇥group");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGTERM⇥*⇥*");
        Patience.Until(() => !Proc.IsAlive(grandchild), "the grandchild ended too");
    }

    [Fact]
    public void OneRunAtATime()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        daemon.AwaitUp("a");
        Assert.Equal(
            ["error⇥service is not startable, for command \"service.start\ta\"".Replace('\t', '⇥')],
            daemon.Ask("service.start⇥a"));
        Assert.Equal(
            ["error⇥service is running, for command \"service.delete⇥a\""], daemon.Ask("service.delete⇥a"));
        Assert.Single(Proc.Children(daemon.Pid));
    }

    [Fact]
    public void AServiceThatIsDownCanBeDeletedAndMadeAgain()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/true", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Assert.Equal(["service.state⇥a⇥deleted⇥-⇥-⇥-⇥-⇥-⇥-"], daemon.Ask("service.delete⇥a"));
        Assert.DoesNotContain(daemon.Dump(), line => line.StartsWith("service.", System.StringComparison.Ordinal));
        daemon.Send("service.args⇥a⇥/bin/false", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥1⇥*⇥*");
    }

    [Fact]
    public void AStartCanBePutOffAndTakenBack()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/true", "service.start⇥a⇥2147483647");
        daemon.Await("service.state⇥a⇥start⇥2147483647⇥-⇥-⇥-⇥-⇥-");
        Assert.Equal(["service.state⇥a⇥down⇥-⇥-⇥-⇥-⇥-⇥-"], daemon.Ask("service.start⇥a⇥-"));
        Assert.Equal(0, daemon.Counters()["spawns"]);
    }

    [Fact]
    public void FiveHundredAtOnceAllRunAndAllEnd()
    {
        const int Count = 500;
        using Daemon daemon = Daemon.Interactive();
        daemon.Send([.. Enumerable.Range(0, Count).Select(n => $"service.args⇥s{n}⇥/bin/sh⇥-c⇥exit {n % 256}")]);
        daemon.Sync();
        daemon.Send([.. Enumerable.Range(0, Count).Select(n => $"service.start⇥s{n}")]);
        int[] codes = new int[Count];
        for (int n = 0; n < Count; n++)
        {
            string[] fields = daemon.Await("service.state⇥*⇥down⇥*⇥*⇥exit⇥*⇥*⇥*").Split('\t');
            codes[int.Parse(fields[1][1..], System.Globalization.CultureInfo.InvariantCulture)] =
                int.Parse(fields[6], System.Globalization.CultureInfo.InvariantCulture);
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(n => n % 256), codes);
        Assert.Empty(Proc.Children(daemon.Pid));
    }
}
