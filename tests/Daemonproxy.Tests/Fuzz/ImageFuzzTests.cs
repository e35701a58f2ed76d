using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using Daemonproxy.Protocol;
using Daemonproxy.State;
using Daemonproxy.Tests.Simulation;
using Daemonproxy.Tests.Transcripts;
using Xunit;

namespace Daemonproxy.Tests.Fuzz;

/// <summary>
/// An image that is not what it was: it is refused, or goes on without what makes no sense. Never a second crash, never
/// a loop. IMAGE_FUZZ_SEEDS=10000 tries more.
/// </summary>
public sealed class ImageFuzzTests
{
    private const int PageBytes = 4096;
    private const int DefaultSeeds = 150;

    private static readonly string[] _life =
    [
        "* program /bin/runs", "* program /bin/once exits 3", "* directory /run",
        "$ daemonproxy -i --service-pool 40x512",
        "> socket.create⇥-⇥/run/c⏎fd.pipe⇥r⇥w⏎fd.pipe⇥a⇥b⇥unix⏎fd.open⇥log⇥write,create,append⇥/run/log",
        "> service.args⇥web⇥/bin/runs⇥x⏎service.tags⇥web⇥one⇥two⏎service.fds⇥web⇥null⇥w⇥-⏎service.start⇥web",
        "> service.args⇥once⇥/bin/once⏎service.auto_up⇥once⇥30⇥always⏎service.auto_up⇥sig⇥7⇥SIGHUP",
        "> service.args⇥later⇥/bin/runs⏎service.start⇥later⇥1100⏎service.tags⇥long⇥«t×300»",
        "> service.fds⇥boss⇥control.socket⏎service.args⇥boss⇥/bin/runs⏎service.start⇥boss",
        "* signal SIGUSR1", "* wait 2s", "* boss stalls", "> «echo⇥x⏎×100»",
        "* session stalls", "> nonsense⏎echo⇥half¬",
    ];

    private static readonly string[] _after =
    [
        "* session reads", "> ", "> statedump⏎stats⏎echo⇥end", "* signal SIGHUP", "* wait 40s",
        "> service.args⇥new⇥/bin/once⏎service.start⇥new⏎service.tags⇥web⇥«t×400»⏎service.delete⇥long⏎fd.delete⇥r",
        "> fd.pipe⇥x⇥y⏎fd.open⇥log⇥read⇥/dev/null⏎nonsense⏎statedump", "* wait 200s",
    ];

    private static int Seeds =>
        int.TryParse(
            Environment.GetEnvironmentVariable("IMAGE_FUZZ_SEEDS"), CultureInfo.InvariantCulture, out int seeds)
            ? seeds
            : DefaultSeeds;

    [Fact]
    public void FlippedBitsInRecords() => Try((random, kernel) =>
    {
        for (int flips = 1 << random.Next(8); flips > 0; flips--)
        {
            kernel.ImageBytes(RandomPage(random, kernel), PageBytes)[random.Next(PageBytes)] ^=
                (byte)(1 << random.Next(8));
        }
    });

    [Fact]
    public void FlippedBitsInTheHeader() => Try((random, kernel) =>
    {
        for (int flips = 1 + random.Next(3); flips > 0; flips--)
        {
            kernel.ImageBytes(0, PageBytes)[random.Next(Unsafe.SizeOf<ImageHeader>())] ^= (byte)(1 << random.Next(8));
        }
    });

    [Fact]
    public void RandomBytesForAPage() => Try((random, kernel) =>
        random.NextBytes(kernel.ImageBytes(RandomPage(random, kernel), PageBytes)));

    [Fact]
    public void WordsThatAreExtreme() => Try((random, kernel) =>
    {
        int[] extreme = [0, -1, int.MaxValue, int.MinValue, 1, 65536];
        for (int words = 1 + random.Next(20); words > 0; words--)
        {
            Span<byte> page = kernel.ImageBytes(RandomPage(random, kernel), PageBytes);
            BitConverter.TryWriteBytes(page[(4 * random.Next(PageBytes / 4))..], extreme[random.Next(extreme.Length)]);
        }
    });

    [Fact]
    public void PagesThatAreExchangedOrGone() => Try((random, kernel) =>
    {
        Span<byte> one = kernel.ImageBytes(RandomPage(random, kernel), PageBytes);
        Span<byte> other = kernel.ImageBytes(RandomPage(random, kernel), PageBytes);
        byte[] kept = one.ToArray();
        other.CopyTo(one);
        if (random.Next(2) == 0)
        {
            kept.CopyTo(other);
        }
        else
        {
            other.Clear();
        }
    });

    [Fact]
    public void ImagesCutShortOrOfOtherVersions() => Try((random, kernel) =>
    {
        ref ImageHeader header = ref HeaderOf(kernel);
        switch (random.Next(5))
        {
            case 0:
                int pages = 1 + random.Next(100);
                List<(int Page, byte[] Bytes)> kept = [.. Enumerable.Range(0, pages)
                    .Select(page => (page, kernel.ImageBytes((long)page * PageBytes, PageBytes).ToArray()))];
                kernel.ReplaceImage((long)pages * PageBytes, kept);
                return;
            case 1:
                header.Layout = random.Next();
                break;
            case 2:
                header.HeaderBytes = random.Next(2 * PageBytes);
                break;
            case 3:
                header.Regions[random.Next(RegionDirectory.Capacity)].ElementBytes = random.Next(1 << random.Next(31));
                break;
            default:
                header.Regions[random.Next(RegionDirectory.Capacity)].Count = random.Next(1 << random.Next(31));
                break;
        }

        // As if it had been made so.
        header.Checksum = ImageCheck.Checksum(ref header);
    });

    [Theory]
    [InlineData((int)RegionId.Settings)]
    [InlineData((int)RegionId.Counters)]
    [InlineData((int)RegionId.Log)]
    [InlineData((int)RegionId.ControlSocket)]
    [InlineData((int)RegionId.Upgrade)]
    public void ARegionThatHasNoRecordsIsMadeAnew(int region)
    {
        using Stage stage = new();
        Array.ForEach(_life, line => stage.Do(line));
        ref ImageHeader header = ref HeaderOf(stage.World.Kernel);
        header.Regions[region].Count = 0;
        header.Checksum = ImageCheck.Checksum(ref header);
        ResumeAndRun(stage);
        Assert.Null(stage.World.ExitCode);
    }

    [Fact]
    public void ACrashThatNobodyMayAskForIsNotArmed()
    {
        using Stage stage = new();
        Array.ForEach(_life, line => stage.Do(line));
        ref ImageHeader header = ref HeaderOf(stage.World.Kernel);
        header.CrashKind = (int)CrashKind.Throw + 1;
        header.CrashPoint = (int)CrashPoint.ResumeBegun + 1;
        header.Crash.IsArmed = 1;
        ResumeAndRun(stage);
        Assert.Null(stage.World.Fault);
        Assert.Equal((0, 0), (HeaderOf(stage.World.Kernel).CrashPoint, HeaderOf(stage.World.Kernel).Crash.IsArmed));
    }

    [Fact]
    public void AnUnknownKindOfCrashInTheImageIsIgnored()
    {
        using Stage stage = new();
        Array.ForEach(_life, line => stage.Do(line.Replace("-i", "-i --debug-crash", StringComparison.Ordinal)));
        HeaderOf(stage.World.Kernel).CrashKind = 77;
        HeaderOf(stage.World.Kernel).CrashPoint = (int)CrashPoint.ResumeBegun + 1;
        ResumeAndRun(stage);
        Assert.Null(stage.World.Fault);
    }

    private static ref ImageHeader HeaderOf(SimKernel kernel) =>
        ref Unsafe.As<byte, ImageHeader>(ref kernel.ImageBytes(0, PageBytes)[0]);

    private static void Try(Action<Random, SimKernel> damage)
    {
        for (int seed = 1; seed <= Seeds; seed++)
        {
            using Stage stage = new();
            Array.ForEach(_life, line => stage.Do(line));
            damage(new Random(seed), stage.World.Kernel);
            try
            {
                ResumeAndRun(stage);
            }
            catch (Exception e)
            {
                throw new Xunit.Sdk.XunitException($"seed {seed}: {e}");
            }
        }
    }

    // As the crash handler would: one more death is one too many.
    private static void ResumeAndRun(Stage stage)
    {
        stage.World.Fault = null;
        stage.World.Resume();
        Assert.Null(stage.World.Fault);
        foreach (string line in _after)
        {
            if (stage.World.Daemon is null || stage.World.ExitCode is not null)
            {
                return;
            }

            stage.Do(line);
            Exception? fault = stage.World.Fault;
            Assert.True(fault is null or SimulatedCrash, $"{line}: {fault}");
            stage.World.Fault = null;
        }
    }

    private static long RandomPage(Random random, SimKernel kernel)
    {
        int page;
        do
        {
            page = 1 + random.Next(kernel.ImagePages.Length - 1);
        }
        while (!kernel.ImagePages[page]);
        return (long)page * PageBytes;
    }
}
