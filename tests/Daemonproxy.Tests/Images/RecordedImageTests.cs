using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Protocol;
using Daemonproxy.Shutdown;
using Daemonproxy.State;
using Daemonproxy.Tests.Simulation;
using Daemonproxy.Tests.Support;
using Daemonproxy.Tests.Transcripts;
using Xunit;

namespace Daemonproxy.Tests.Images;

/// <summary>
/// The image of a release goes on in the next one. What it holds is in the text beside it, as a statedump; both are
/// made anew only for a new release: with RECORD_IMAGE=1, under the name of its version.
/// </summary>
public sealed class RecordedImageTests
{
    private const int DamagedImages = 40;

    private static readonly string[] _life =
    [
        // Without the pipe in reserve, which release 0.1 had not: the numbers of descriptors are in the image.
        "* fail Pipe EMFILE",
        "* program /bin/runs", "* program /bin/once exits 3", "* directory /tmp", "$ daemonproxy -i",
        "> fd.pipe⇥r⇥w⏎fd.pipe⇥a⇥b⇥unix,nonblock⏎fd.open⇥log⇥write,create,append⇥/tmp/log",
        "> service.args⇥web⇥/bin/runs⇥x⇥y⏎service.tags⇥web⇥one⇥two⏎service.fds⇥web⇥null⇥w⇥-⏎service.start⇥web",
        "> service.args⇥once⇥/bin/once⏎service.auto_up⇥once⇥30⇥always⏎service.auto_up⇥sig⇥7⇥SIGHUP⇥SIGTERM",
        "> service.args⇥later⇥/bin/runs⏎service.start⇥later⇥1100⏎service.tags⇥long⇥«t×2000»",
        "* signal SIGUSR1", "* signal SIGUSR1", "* wait 2s",
        "> terminate.exec_args⇥/bin/next⇥x⏎conn.event_timeout⇥5⇥9⏎log.filter⇥info",
        "> echo⇥half¬",
    ];

    private static string Folder => Path.Combine(Repository.Root, "tests", "Daemonproxy.Tests", "Images");

    public static TheoryData<string> Releases()
    {
        TheoryData<string> releases = [];
        foreach (string path in Directory.GetFiles(Folder, "*.image").Order(StringComparer.Ordinal))
        {
            releases.Add(Path.GetFileNameWithoutExtension(path));
        }

        return releases;
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public void ALaterReleaseGoesOnWithIt(string release)
    {
        using Stage stage = new();
        Live(stage);

        // The same life again, so that the same descriptors and processes are there, and then the recorded image.
        ImageFile.Load(Path.Combine(Folder, release + ".image"), stage.World.Kernel);
        stage.World.Resume();
        stage.World.Settle();
        stage.World.Session.TakeReceived();
        Assert.Contains("< half a line", stage.Do(">  a line"));
        Assert.Equal(File.ReadAllText(Path.Combine(Folder, release + ".txt")), Dump(stage));
        Invariants.Check(stage.World);
        stage.Do("* wait 200s");
        Invariants.CheckAtRest(stage.World);
        Assert.True(stage.World.Running.Statistics[Counter.Spawns] > 3, "it does not start what was due");
    }

    /// <summary>The texts of release 0.1 are rewritten before anything in the image is checked.</summary>
    [Theory]
    [MemberData(nameof(Releases))]
    public void ADamagedImageOfAReleaseIsRefusedOrQuarantined(string release)
    {
        for (int seed = 1; seed <= DamagedImages; seed++)
        {
            using Stage stage = new();
            Live(stage);
            SimKernel kernel = stage.World.Kernel;
            ImageFile.Load(Path.Combine(Folder, release + ".image"), kernel);
            Random random = new(seed);
            for (int page = 1; page < kernel.ImagePages.Length; page++)
            {
                bool isDamaged = kernel.ImagePages[page] && random.Next(2) == 0;
                for (int flips = 0; isDamaged && flips < 40; flips++)
                {
                    kernel.ImageBytes((long)page * ImageLayout.PageBytes, ImageLayout.PageBytes)
                        [random.Next(ImageLayout.PageBytes)] ^= (byte)(1 << random.Next(8));
                }
            }

            stage.World.Fault = null;
            stage.World.Resume();
            Assert.Null(stage.World.Fault);
        }
    }

    [Fact]
    public void ThePresentOneIsRecordedIfAsked()
    {
        if (Environment.GetEnvironmentVariable("RECORD_IMAGE") != "1")
        {
            Assert.NotEmpty(Releases());
            return;
        }

        using Stage stage = new();
        Live(stage);
        string name = Path.Combine(Folder, System.Text.Encoding.ASCII.GetString(BuildInfo.Version));
        ImageFile.Write(name + ".image", stage.World.Kernel);
        stage.World.Resume();
        stage.World.Settle();
        stage.Do("> ");
        File.WriteAllText(name + ".txt", Dump(stage));
    }

    [Fact]
    public unsafe void The_header_only_grows() =>
        Assert.True(sizeof(ImageHeader) >= ImageHeader.FirstBytes, $"it has {sizeof(ImageHeader)} bytes");

    [Fact]
    public void ShorterRecordsAndMissingRegionsAreMadeWhole()
    {
        using Stage stage = new();
        Live(stage);
        stage.Do("> is ended");
        string before = Dump(stage, "statedump");
        EarlierLayout.Apply(stage.World.Kernel, RegionId.Upgrade, RegionId.Services, cut: 0);
        stage.World.Resume();
        stage.World.Settle();
        Assert.Equal(before, Dump(stage, "statedump"));
        Assert.NotEqual(0, stage.World.Running.Image.Entry(RegionId.Upgrade).Count);
        stage.World.Resume();
        stage.World.Settle();
        Assert.Equal(before, Dump(stage, "statedump"));
    }

    [Fact]
    public void LongerRecordsAreThoseOfALaterRelease()
    {
        using Stage stage = new();
        Live(stage);
        EarlierLayout.Apply(stage.World.Kernel, RegionId.None, RegionId.Services, cut: -8);
        stage.World.Resume();
        Assert.Equal(ExitCode.BrokenState, stage.World.ExitCode);
    }

    private static void Live(Stage stage)
    {
        foreach (string line in _life)
        {
            stage.Do(line);
        }
    }

    private static string Dump(Stage stage, string line = "statedump⏎log.filter")
    {
        IReadOnlyList<string> seen = stage.Do("> " + line);
        return string.Join('\n', seen.Where(text => text.StartsWith("< ", StringComparison.Ordinal)
            && !text.EndsWith("overflow", StringComparison.Ordinal))) + "\n";
    }
}
