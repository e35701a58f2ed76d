using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Running;

/// <summary>Shortages and excesses are reported, and the daemon goes on.</summary>
public class ShortageTests
{
    [Fact]
    public void WithoutDescriptorsPipesAreRefusedAndControllersWait()
    {
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i").After("ulimit -n 16"));
        string[] answers = daemon.Ask([.. Enumerable.Range(0, 8).Select(n => $"fd.pipe⇥r{n}⇥w{n}")]);
        Assert.StartsWith("error⇥pipe() failed: Too many open files, ", answers[^1], StringComparison.Ordinal);
        daemon.Send("service.args⇥a⇥/bin/true", "service.fds⇥a⇥control.event", "service.start⇥a");
        daemon.Log.Await(
            line => line.StartsWith("error: ", StringComparison.Ordinal)
                && line.EndsWith("Too many open files", StringComparison.Ordinal)
                && line.Contains("'a'", StringComparison.Ordinal),
            "why it waits");
        daemon.Send([.. Enumerable.Range(0, 8).Select(n => $"fd.delete⇥r{n}")]);
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
    }

    [Fact]
    public void WithoutAnyDescriptorTheDaemonSaysSoAndDoesNotStart()
    {
        using Daemon daemon = Daemon.Start(new Launch(Binary.Path, "-i").After("ulimit -n 5"));
        daemon.Log.Await(line => line.StartsWith("fatal: cannot open", StringComparison.Ordinal), "why not");
        Assert.Equal(3, daemon.AwaitExit().Code);
    }

    [Fact]
    public void ALogThatMayNotGrowIsLostAndTheDaemonGoesOn()
    {
        const int MostBytes = 512;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i").After("ulimit -f 1"));
        daemon.Ask($"fd.open⇥log⇥write,create⇥{scratch["log"]}", "log.dest⇥fd⇥log");
        daemon.Ask([.. Enumerable.Range(0, 100).Select(n => $"no.{n}")]);
        Patience.Until(() => new FileInfo(scratch["log"]).Length == MostBytes, "the log is full");
        daemon.Send("service.args⇥a⇥/bin/sh⇥-c⇥kill -XFSZ $$", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥signal⇥SIGXFSZ⇥*⇥*");
        Assert.Equal(["alive"], daemon.Ask("echo⇥alive"));
    }

    [Fact]
    public void LinesThatAreTooLongOrHoldANulAreRefusedAndTheNextOneIsRun()
    {
        using Daemon daemon = Daemon.Interactive();
        string tooLong = "echo⇥" + new string('x', 4091);
        string longest = new('x', 4090);
        Assert.Equal(
            ["error⇥line too long", longest, "error⇥line too long", "error⇥NUL byte in line", "alive"],
            daemon.Ask(tooLong, $"echo⇥{longest}", new string('y', 300_000), "echo⇥a\0b", "\0 \0", "#" + tooLong,
                "echo⇥alive"));
    }

    [Fact]
    public void ALogThatIsNotReadHoldsUpNobody()
    {
        const int Commands = 5_000;
        Launch launch = new(Binary.Path, "-i", "-v");
        (Fd reader, Fd writer) = Fd.Pipe();
        launch.Descriptors[2] = writer;
        using Daemon daemon = Daemon.Interactive(launch);
        writer.Dispose();
        daemon.Ask([.. Enumerable.Range(0, Commands).Select(n => $"echo⇥{n}")]);
        using LineStream log = new(reader, "the log read at last");
        daemon.Ask("echo⇥more");
        string lost = log.Await(
            line => line.StartsWith("warning: lost ", StringComparison.Ordinal)
                && line.EndsWith(" log messages", StringComparison.Ordinal),
            "how many messages were lost");
        int count = int.Parse(lost.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(count, 1, 2 * Commands);
    }
}
