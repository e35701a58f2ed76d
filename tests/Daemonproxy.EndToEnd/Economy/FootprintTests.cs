using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Economy;

/// <summary>The size of the program and of its process, which does nothing when there is nothing to do.</summary>
public class FootprintTests
{
    [Fact]
    public void TheProgramAndItsMemoryAreSmall()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        daemon.AwaitUp("a");
        daemon.Dump();
        bool isStatic = !File.ReadLines($"/proc/{daemon.Pid}/maps").Any(line => line.Contains("/libc.so"));

        // Of memory a megabyte is what the kernel calls one, 1,024 kB; of a file 1,000,000 bytes.
        Assert.InRange(new FileInfo(Binary.Path).Length, 1, isStatic ? 2_500_000 : 1_600_000);
        Patience.Until(
            () => Proc.Kilobytes(daemon.Pid, "Rss") / 1024.0 <= 1.0, "what the start needed is given back");
        Assert.InRange(Proc.StatusNumber(daemon.Pid, "VmSize") / 1024.0, 1, 250);
    }

    [Fact]
    public void AnIdleDaemonSleeps()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a", "service.args⇥b⇥/bin/true");
        daemon.Send("service.auto_up⇥b⇥1000⇥always");
        daemon.AwaitUp("a");
        daemon.Await("service.state⇥b⇥down⇥**");
        daemon.Sync();

        // It answers before it goes to sleep, and a quarter of a second later it gives back what the work needed. On a
        // busy machine that can be late, so that the test waits for two seconds in which nothing happens.
        Patience.Until(() => SleepsIn(daemon, TimeSpan.FromSeconds(2)) == 0, "the daemon sleeps for two seconds");
    }

    [StraceFact]
    public void SystemCallsGoWithKilobytesAndNotWithLines()
    {
        const int Lines = 10_000;
        string text = string.Concat(Enumerable.Range(0, Lines).Select(n => $"echo\tnumber {n:D8}\n"));
        int calls = CountCalls(text) - CountCalls(string.Empty);
        int kilobytes = text.Length / 1024;
        Assert.True(calls <= kilobytes, $"{calls} system calls for {Lines} lines of together {kilobytes} KB");
    }

    [StraceFact]
    public void StartingCostsTheSameHoweverManyDescriptorsAreAllowed()
    {
        // Asking for each of them, 64 at a time, would be 312 calls more for the 20,000 that are usual.
        int few = CountCalls(string.Empty, "ulimit -Sn 256");
        int many = CountCalls(string.Empty, "ulimit -Sn $(ulimit -Hn)");
        Assert.InRange(many - few, -50, 50);
    }

    private static long SleepsIn(Daemon daemon, TimeSpan time)
    {
        long before = Proc.Sleeps(daemon.Pid);
        System.Threading.Thread.Sleep(time);
        return Proc.Sleeps(daemon.Pid) - before;
    }

    private static int CountCalls(string input, string before = ":")
    {
        using Scratch scratch = new();
        Launch launch = new Launch(Binary.Path, "-i")
            .Under("/usr/bin/strace", "-f", "-c", "-o", scratch["calls"]).After(before);
        using Daemon daemon = Daemon.Start(launch);
        daemon.SendRaw(input);
        daemon.EndInput();
        Assert.Equal(0, daemon.AwaitExit().Status);
        Assert.Equal(input.Count(c => c == '\n'), daemon.AwaitOutputEnd().Count(line => line is ['n', ..]));

        // The last line: 100.00 0.012345 10 1234 [errors] total.
        string[] total = File.ReadAllLines(scratch["calls"])[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return int.Parse(total[3], System.Globalization.CultureInfo.InvariantCulture);
    }
}
