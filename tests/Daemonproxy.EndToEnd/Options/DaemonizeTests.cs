using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Options;

/// <summary>-D: who goes on in the background, what it keeps, and what the one in the foreground says.</summary>
public class DaemonizeTests
{
    [Fact]
    public void ThePidIsPrintedOnceTheDaemonIsReady()
    {
        using Scratch scratch = new();
        using Daemon parent = Daemon.Start("-D", "-S", scratch["socket"]);
        int pid = AwaitPid(parent);

        // No waiting: it listens.
        using Fd? socket = UnixSocket.TryConnect(scratch["socket"], out int errno);
        Assert.Equal(0, errno);
        Assert.NotEqual(parent.Pid, pid);
        Assert.Equal("daemonproxy", Proc.Status(pid, "Name"));
        Assert.Equal($"{pid}", Proc.Status(pid, "NSpid"));

        // Process group and session, proc_pid_stat(5).
        string[] stat = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ');
        Assert.Equal([$"{pid}", $"{pid}"], stat[2..4]);
        Assert.Equal(["/dev/null", "/dev/null", "/dev/null"], Proc.Descriptors(pid).Values.Take(3));
        Assert.Empty(parent.Log.AwaitEnd());
    }

    [Fact]
    public void NothingIsPrintedBeforeItIsReady()
    {
        using Scratch scratch = new();
        string config = scratch["config"];

        // The writer of a fifo may come late: the daemon is ready before it.
        using Daemon parent = Daemon.Start(
            new Launch(Binary.Path, "-D", "-S", scratch["socket"], "-c", config).After($"mkfifo {config}"));
        AwaitPid(parent);
        using Connection connection = new(UnixSocket.TryConnect(scratch["socket"], out _)!);
        connection.Sync();
        File.WriteAllText(config, Text.WithTabs("service.tags⇥t⇥configured\n"));
        Patience.Until(() => connection.Dump().Contains("service.tags⇥t⇥configured"), "the config was run");
    }

    [Fact]
    public void TheNamedOnesAreNothingAndTheLogIsSilentUntilItHasADestination()
    {
        using Scratch scratch = new();
        Launch launch = new Launch(Binary.Path, "-D", "-vS", scratch["socket"]).After($"exec 7>{scratch["seven"]}");
        using Daemon parent = Daemon.Start(launch);
        int pid = AwaitPid(parent);
        using Connection connection = Connection.To(scratch["socket"]);
        string[] named =
            [.. connection.Ask("statedump").Where(line => line.StartsWith("fd.state", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "fd.state⇥fd_7⇥file⇥write⇥unknown",
                "fd.state⇥null⇥special⇥read,write⇥/dev/null",
                "fd.state⇥stderr⇥file⇥write⇥unknown",
                "fd.state⇥stdin⇥file⇥read⇥unknown",
                "fd.state⇥stdout⇥file⇥write⇥unknown",
            ],
            named.Where(line => !line.Contains("⇥control.", StringComparison.Ordinal)));
        connection.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.fds⇥a⇥stdin⇥stdout⇥stderr⇥fd_7");
        connection.Send("service.start⇥a");
        int service = connection.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        Assert.Equal(
            ["/dev/null", "/dev/null", "/dev/null", scratch["seven"]], Proc.Descriptors(service).Values);
        string[] stat = File.ReadAllText($"/proc/{service}/stat").Split(") ")[^1].Split(' ');
        Assert.Equal([$"{pid}", $"{pid}", $"{pid}"], stat[1..4]);
        connection.Ask("no.before", $"fd.open⇥file⇥write,create⇥{scratch["log"]}", "log.filter⇥debug");
        connection.Ask("log.dest⇥fd⇥file", "no.after");
        Patience.Until(
            () => File.ReadAllText(scratch["log"]) == "error: controller[0] sent unknown command no.after\n",
            "it is logged",
            () => File.ReadAllText(scratch["log"]));
        Assert.Empty(parent.Log.AwaitEnd());
    }

    [Fact]
    public void TheBackgroundDaemonSurvivesACrashAndEndsWhenItIsAskedTo()
    {
        using Scratch scratch = new();
        using Daemon parent = Daemon.Start("-D", "--subreaper", "-S", scratch["socket"]);
        int pid = AwaitPid(parent);
        using Connection connection = Connection.To(scratch["socket"]);
        connection.Ask("service.tags⇥a⇥kept");
        _ = kill(pid, SIGSEGV);
        connection.Await("overflow");
        Assert.Contains("service.tags⇥a⇥kept", connection.Dump());
        Assert.Equal("daemonproxy", Proc.Status(pid, "Name"));
        Assert.Equal(1, connection.Counters()["crashes"]);
        connection.Send("terminate⇥0");
        connection.AwaitOutputEnd();
        Patience.Until(() => !Proc.IsAlive(pid), "the daemon ends");
        Assert.False(Path.Exists(scratch["socket"]));
    }

    [Fact]
    public void TheConfigOfStandardInputIsReadToItsEnd()
    {
        using Scratch scratch = new();
        using Daemon parent = Daemon.Start("-D", "-c", "-", "-S", scratch["socket"]);
        AwaitPid(parent);
        using Connection connection = Connection.To(scratch["socket"]);
        connection.Sync();
        parent.SendRaw("service.tags⇥t⇥from input");
        parent.EndInput();
        connection.Await("service.tags⇥t⇥from input");
    }

    [Theory]
    [InlineData("exec 0<&-")]
    [InlineData("exec 1>&-")]
    [InlineData("exec 0<&- 1>&- 2>&-")]
    public void ClosedDescriptorsAreNoObstacle(string before)
    {
        using Scratch scratch = new();
        using Daemon parent = Daemon.Start(new Launch(Binary.Path, "-D", "-S", scratch["socket"]).After(before));
        Assert.Equal(0, parent.AwaitExit().Code);
        using Fd? socket = UnixSocket.TryConnect(scratch["socket"], out int errno);
        Assert.Equal(0, errno);
        Assert.Empty(parent.Log.AwaitEnd());
    }

    [Theory]
    [InlineData(2, "fatal: Unknown option --nonsense  (see --help)", "--nonsense")]
    [InlineData(2, "fatal: require -i or -c or -S")]
    [InlineData(2, "fatal: Cannot stat configfile \"/no/such/file\"", "-c", "/no/such/file")]
    [InlineData(3, "fatal: Can't create controller socket", "-S", "/no/such/directory/socket")]
    [InlineData(3, "fatal: Can't create controller socket", "-S", "/dev/null")]
    public void AFailingStartIsReported(int code, string message, params string[] options)
    {
        using Daemon parent = Daemon.Start(["-D", .. options]);
        Assert.Equal(code, parent.AwaitExit().Code);
        Assert.Equal(message, parent.Log.AwaitEnd()[^1]);
        Assert.Empty(parent.AwaitOutputEnd());
        Assert.Empty(parent.Heard);
    }

    [Fact]
    public void ASecondOneOnTheSameSocketIsReported()
    {
        using Scratch scratch = new();
        using Daemon first = Daemon.Start("-D", "-S", scratch["socket"]);
        AwaitPid(first);
        using Daemon second = Daemon.Start("-D", "-S", scratch["socket"]);
        Assert.Equal(3, second.AwaitExit().Code);
        Assert.Empty(second.Heard);
        using Connection connection = Connection.To(scratch["socket"]);
        Assert.Equal(["hello"], connection.Ask("echo⇥hello"));
    }

    [Fact]
    public void TheOptionIsIgnoredWithASession()
    {
        using Daemon daemon = Daemon.Interactive("-D");
        daemon.Log.Await("warning: ignoring --daemonize as process 1 and with --interactive");
        Assert.False(daemon.HasEnded);
        daemon.Send("terminate⇥4");
        Assert.Equal(4, daemon.AwaitExit().Code);
    }

    [PidNamespaceFact]
    public void TheOptionIsIgnoredAsProcess1()
    {
        using Scratch scratch = new();
        Launch launch = new Launch(Binary.Path, "-D", "-S", scratch["socket"], "-c", "/dev/null")
            .Under("/usr/bin/unshare", "--pid", "--fork", "--mount-proc");
        using Daemon daemon = Daemon.Start(launch);
        daemon.Log.Await("warning: ignoring --daemonize as process 1 and with --interactive");
        using Connection connection = Connection.To(scratch["socket"]);
        Assert.Equal(["hello"], connection.Ask("echo⇥hello"));
        Assert.Empty(daemon.Heard);
        Assert.False(daemon.HasEnded);
    }

    // What is printed up to its end is the number, without a line feed; the one that printed it has ended well.
    private static int AwaitPid(Daemon parent)
    {
        Assert.Empty(parent.AwaitOutputEnd());
        Assert.Equal(0, parent.AwaitExit().Status);
        return int.Parse(parent.Heard, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
