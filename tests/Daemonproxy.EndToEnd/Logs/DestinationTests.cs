using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Logs;

/// <summary>Where the log goes, and how often the daemon asks a destination that takes nothing.</summary>
public class DestinationTests
{
    private const int Messages = 40;

    [StraceFact]
    public void AFullPipeIsNotWrittenToUntilItDrains()
    {
        using Scratch scratch = new();
        using Daemon daemon = Trace.Start(scratch, "write,writev,poll,fcntl,dup,dup2,dup3", out Trace trace);
        int pipe = FillPipe(daemon);
        string write = $"write({pipe}, ";
        string asked = $"poll([{{fd={pipe}, events=POLLOUT";
        daemon.Ask([.. Enumerable.Range(0, Messages).Select(n => $"no.{n}")]);

        // It asks now and then whether there is room.
        trace.Await(trace.Calls(asked).Length + 3, asked);
        Assert.Empty(trace.Calls(write));

        daemon.Send($"fd.open⇥file⇥create,write⇥{scratch["log"]}", "service.fds⇥cat⇥r⇥file⇥stderr");
        daemon.Send("service.args⇥cat⇥/bin/cat", "service.start⇥cat");
        Patience.Until(
            () => File.Exists(scratch["log"]) && File.ReadLines(scratch["log"]).Any(IsLost), "the log comes through");
        Assert.InRange(trace.Calls(write).Length, 1, 5);
        string[] written = [.. File.ReadLines(scratch["log"]).Where(line => line != "y")];
        string lost = written.Single(IsLost);
        Assert.Equal(written[..^1], Enumerable.Range(0, written.Length - 1).Select(Message));
        Assert.Equal(
            Messages, written.Length - 1 + int.Parse(lost.Split(' ')[2], CultureInfo.InvariantCulture));

        // Once it drains, nothing waits.
        daemon.Ask("no.more");
        Patience.Until(() => File.ReadLines(scratch["log"]).Last() == Message("more"), "the next message");
        Assert.Empty(trace.Calls($"fcntl({pipe}, F_SETFL", $"fcntl({pipe}, F_DUPFD", $"dup({pipe}", $"dup2({pipe}"));
        Assert.Empty(trace.Calls("writev("));
    }

    [StraceFact]
    public void AFullDiskIsTriedSeldom()
    {
        const double Second = 1;
        const double Interval = 0.5;
        using Scratch scratch = new();
        using Daemon daemon = Trace.Start(scratch, "write", out Trace trace);
        daemon.Ask("fd.open⇥full⇥write⇥/dev/full", "log.dest⇥fd⇥full");
        int full = Proc.Descriptors(daemon.Pid).Single(pair => pair.Value == "/dev/full").Key;
        daemon.Ask("no.0");
        double[] times = [.. trace.Await(9, $"write({full}, ").Select(call => call.Time)];
        int early = times.Count(time => time - times[0] <= Second);
        Assert.InRange(early, 4, 9);
        double[] gaps = [.. times.Zip(times.Skip(1), (one, next) => next - one).Skip(early)];
        Assert.All(gaps, gap => Assert.InRange(gap, Interval - 0.001, 10 * Interval));
        Assert.All(trace.Calls($"write({full}, "), call => Assert.Contains("ENOSPC", call.Call));

        // What waits goes to the next one of that name.
        daemon.Ask($"fd.open⇥full⇥write,create⇥{scratch["log"]}");
        Patience.Until(() => File.ReadAllText(scratch["log"]) == Message(0) + "\n", "it is written");
    }

    [Fact]
    public void ADestinationThatDoesNotExistYetGetsEarlierMessages()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        Assert.Equal(
            ["warning⇥fd \"later\" does not exist", "error⇥Unknown command: no.0"],
            daemon.Ask("log.dest⇥fd⇥later", "no.0"));
        daemon.Ask($"fd.open⇥later⇥write,create⇥{scratch["one"]}", "no.1");
        AwaitText(scratch["one"], Message(0), Message(1));
        daemon.Ask($"fd.open⇥later⇥write,create⇥{scratch["two"]}", "no.2");
        AwaitText(scratch["two"], Message(2));
        daemon.Ask("fd.delete⇥later", "no.3", "fd.pipe⇥reader⇥later", "no.4");
        daemon.Ask($"fd.open⇥file⇥write,create⇥{scratch["three"]}", "service.fds⇥cat⇥reader⇥file⇥stderr");
        daemon.Send("service.args⇥cat⇥/bin/cat", "service.start⇥cat");
        AwaitText(scratch["three"], Message(3), Message(4));
        daemon.Ask("log.dest⇥fd⇥stderr", "no.5");
        daemon.Log.Await(Message(5));
        Assert.Equal(Message(5) + "\n", daemon.Log.All);
        AwaitText(scratch["one"], Message(0), Message(1));
    }

    [Fact]
    public void AFullPipeThatIsReplacedLosesNothingThatFits()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        FillPipe(daemon);
        daemon.Ask("no.0", "no.1");
        daemon.Ask($"fd.open⇥w⇥write,create,append⇥{scratch["log"]}", "no.2");
        AwaitText(scratch["log"], Message(0), Message(1), Message(2));
    }

    [Fact]
    public void AMessageBelongsToTheDestinationOfItsMoment()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Ask(
            "no.0", $"fd.open⇥log⇥write,create⇥{scratch["one"]}", "log.dest⇥fd⇥log", "no.1",
            $"fd.open⇥log⇥write,create⇥{scratch["two"]}", "no.2", "log.dest⇥fd⇥stderr", "no.3");
        daemon.Log.Await(Message(3));
        Assert.Equal($"{Message(0)}\n{Message(3)}\n", daemon.Log.All);
        AwaitText(scratch["one"], Message(1));
        AwaitText(scratch["two"], Message(2));
    }

    [Fact]
    public void MessagesAfterAChangeOfDestinationAreWrittenThoughTheOldOneIsFull()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Ask("fd.open⇥full⇥write⇥/dev/full", "log.dest⇥fd⇥full");
        daemon.Ask([.. Enumerable.Range(0, Messages).Select(n => $"no.{n}")]);
        daemon.Ask($"fd.open⇥log⇥write,create⇥{scratch["log"]}", "log.dest⇥fd⇥log", "no.first", "no.second");
        Patience.Until(
            () => File.ReadLines(scratch["log"]).LastOrDefault() == Message("second"), "the last message is written");
        string[] written = File.ReadAllLines(scratch["log"]);
        Assert.True(IsLost(written[^3]), written[^3]);
        Assert.Equal([Message("first"), Message("second")], written[^2..]);
    }

    [Fact]
    public void AFullPipeDoesNotKeepTheDaemonFromEnding()
    {
        using Daemon daemon = Daemon.Interactive();
        FillPipe(daemon);
        daemon.Ask("no.0");
        daemon.Send("terminate⇥6");
        Assert.Equal(6, daemon.AwaitExit().Code);
    }

    [Fact]
    public void TheDescriptorStaysAsItIsForThoseWhoShareIt()
    {
        using Scratch scratch = new();
        (Fd reader, Fd writer) = Fd.Pipe();
        using LineStream log = new(reader, "the log");
        Launch launch = new(Binary.Path, "-i", "-v");
        launch.Descriptors[2] = writer;
        using (Daemon daemon = Daemon.Interactive(launch))
        {
            daemon.Ask("no.0");
            log.Await(Message(0));
            Assert.Equal(0, fcntl(writer.Number, F_GETFL, 0) & O_NONBLOCK);
            daemon.Signal(SIGSEGV);
            daemon.Await("overflow");
            daemon.Ask("no.1");
            log.Await(Message(1));
            Assert.Equal(0, fcntl(writer.Number, F_GETFL, 0) & O_NONBLOCK);
            daemon.Send("terminate⇥0");
            daemon.AwaitExit();
        }

        Assert.Equal(0, fcntl(writer.Number, F_GETFL, 0) & O_NONBLOCK);
        writer.Dispose();
    }

    // A pipe as the log's destination, filled by a service; the number of its writing end.
    private static int FillPipe(Daemon daemon)
    {
        int[] before = [.. Proc.Descriptors(daemon.Pid).Keys];
        daemon.Ask("fd.pipe⇥r⇥w");
        int writer = Proc.Descriptors(daemon.Pid).Keys.Except(before).Max();
        daemon.Send("service.args⇥yes⇥/usr/bin/yes", "service.fds⇥yes⇥null⇥w⇥null", "service.start⇥yes");
        int yes = daemon.AwaitUp("yes");
        Proc.AwaitRest(yes, "yes");
        daemon.Send("log.dest⇥fd⇥w", "service.signal⇥yes⇥KILL");
        daemon.Await("service.state⇥yes⇥down⇥*⇥*⇥signal⇥SIGKILL⇥*⇥*");
        return writer;
    }

    private static string Message(int number) => Message($"{number}");

    private static string Message(string word) => $"error: controller[0] sent unknown command no.{word}";

    private static bool IsLost(string line) => line.StartsWith("warning: lost ", StringComparison.Ordinal);

    private static void AwaitText(string file, params string[] lines) => Patience.Until(
        () => File.ReadAllLines(file).SequenceEqual(lines),
        $"{file} has what was logged",
        () => File.ReadAllText(file));
}
