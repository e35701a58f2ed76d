using System;
using System.IO;
using System.Linq;
using System.Threading;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Daemonproxy.EndToEnd.Economy;

/// <summary>
/// The memory that the static program takes of a small machine. A megabyte is 1,024 kB here, and the numbers are those
/// of smaps_rollup. docs/SMALL.md has the table of what they tell.
/// </summary>
public class MemoryTests(ITestOutputHelper output)
{
    private const int Launches = 20;

    [Fact]
    public void AfterABurstOfWorkItIsSmallAgain()
    {
        using Daemon daemon = Start();
        Tell("idle", daemon);
        Work(daemon);
        AwaitMegabytes(daemon, OwnMemory, 0.45);
        AwaitMegabytes(daemon, Resident, 0.6);
        Tell("after work", daemon);
    }

    [Fact]
    public void AThousandServicesTakeLittleMore()
    {
        const int Services = 1000;
        using Daemon daemon = Start();
        Work(daemon);
        for (int n = 0; n < Services; n++)
        {
            daemon.Send($"service.args⇥service-{n}⇥/bin/sleep⇥1000", $"service.start⇥service-{n}");
            daemon.AwaitUp($"service-{n}");
        }

        AwaitMegabytes(daemon, OwnMemory, 1.2);
        AwaitMegabytes(daemon, Resident, 1.4);
        Assert.Equal(Services, Proc.Children(daemon.Pid).Length);
        Tell("1,000 services", daemon);
    }

    [RootFact]
    public void LockedInMemoryItIsStillSmall()
    {
        using Daemon daemon = Start("--mlockall");
        Work(daemon);

        // All but the pages that the kernel itself maps into every process. Both count a page that several processes
        // have, as other daemons of the same file, only in part (proc(5)), and must be read in one go.
        const int OfTheKernel = 16;
        string[] rollup = File.ReadAllLines($"/proc/{daemon.Pid}/smaps_rollup");
        long share = Proc.Kilobytes(rollup, "Pss");
        Assert.InRange(Proc.Kilobytes(rollup, "Locked"), share - OfTheKernel, share);
        AwaitMegabytes(daemon, Resident, 2.5);
        Tell("locked", daemon);
    }

    [Fact]
    public void LargePoolsReserveAddressSpaceAndNotMemory()
    {
        using Daemon small = Start("--service-pool=1x64", "--fd-pool=64x32", "--controllers=2");
        using Daemon large = Start("--service-pool=65535x64K", "--fd-pool=65535x4096", "--controllers=64");
        long more = Proc.StatusNumber(large.Pid, "VmSize") - Proc.StatusNumber(small.Pid, "VmSize");
        Assert.True(more > 8 << 20, $"8 GB were to be reserved, {more} kB are");
        Assert.InRange(OwnMemory(large) - OwnMemory(small), -40, 100);
    }

    /// <summary>
    /// With /sys/kernel/mm/transparent_hugepage/enabled at "always", as Debian has it, the first byte of a large page
    /// would take 2 MB: every mapping that has room for one is excluded, madvise(2).
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheKernelGivesItNoLargePages(bool isStatic)
    {
        const int LargeKilobytes = 2048;
        using Daemon daemon = isStatic ? Start() : Daemon.Interactive();
        daemon.Send("echo⇥it has started");
        daemon.Await("it has started");
        bool isKernelWithThem = Directory.Exists("/sys/kernel/mm/transparent_hugepage");
        bool isLarge = false;
        int found = 0;
        foreach (string line in File.ReadLines($"/proc/{daemon.Pid}/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            isLarge = words[0] == "Size:" ? int.Parse(words[1]) >= LargeKilobytes : isLarge;
            if (words[0] == "VmFlags:" && isLarge && words.Contains("wr"))
            {
                found++;
                Assert.True(words.Contains("nh") || !isKernelWithThem, line);
            }
        }

        Assert.InRange(found, 3, 100);
    }

    private static Daemon Start(params string[] options)
    {
        Daemon daemon = Daemon.Interactive(new Launch([Binary.Static, "-i", "-qqq", .. options]));
        daemon.Send("log.filter⇥fatal");
        return daemon;
    }

    // 1,000 commands of all kinds, 20 launches, and a dump.
    private static void Work(Daemon daemon)
    {
        for (int round = 0; round < 1000 / Mixture.Lines.Length; round++)
        {
            daemon.Send(Mixture.Lines);
        }

        daemon.Send("service.args⇥short⇥/bin/true");
        for (int n = 0; n < Launches; n++)
        {
            daemon.Send("service.start⇥short");
            daemon.Await("service.state⇥short⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        }

        Assert.Contains(daemon.Dump(), line => line == "service.args⇥short⇥/bin/true");
    }

    // Once the code and constants that the work needed have been given back, a quarter of a second later.
    private void Tell(string when, Daemon daemon)
    {
        Thread.Sleep(400);
        output.WriteLine($"{when}: {Resident(daemon)} kB resident, {OwnMemory(daemon)} kB own");
    }

    private static long Resident(Daemon daemon) => Proc.Kilobytes(daemon.Pid, "Rss");

    /// <summary>The memory that no other process can share: anonymous pages, and those of the image.</summary>
    private static long OwnMemory(Daemon daemon) =>
        Proc.Kilobytes(daemon.Pid, "Anonymous") + Proc.Mapped(daemon.Pid, "/memfd:daemonproxy", "Rss");

    // The code and constants that the work needed are given back a little later, which shows in nothing but this.
    private static void AwaitMegabytes(Daemon daemon, Func<Daemon, long> kilobytes, double most) =>
        Patience.Until(
            () => kilobytes(daemon) / 1024.0 <= most,
            $"it takes {most} MB at most",
            () => string.Join('\n', File.ReadLines($"/proc/{daemon.Pid}/smaps_rollup").Skip(1)));
}
