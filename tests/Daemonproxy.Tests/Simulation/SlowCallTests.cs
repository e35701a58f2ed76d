using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.Transcripts;
using Xunit;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// Every call that may wait takes a second in a turn (<see cref="SlowCalls"/>), in all tests that run on the simulated
/// kernel: none of their turns makes one.
/// </summary>
public sealed class SlowCallTests
{
    private static readonly FdNumber _far = new(9);

    private static readonly string[] _conversation =
    [
        "* directory /run",
        "* file /far hello",
        "* remote /far",
        "* file /new/far hello",
        "* remote /new/far",
        "* program /bin/cat",
        "$ daemonproxy -i -S /run/control",
        "* connect one /run/control",
        "* one passes /far",
        "one> fd.take⇥far",
        "> fd.open⇥opened⇥read⇥/new/far",
        "> service.args⇥cat⇥/bin/cat",
        "> service.fds⇥cat⇥far⇥opened⇥null",
        "> service.start⇥cat",
        "> statedump",
        "> fd.open⇥far⇥read⇥/far",
        "> fd.delete⇥opened",
        "> chdir⇥/run",
        "> reexec",
        "* file /new/log",
        "* remote /new/log",
        "> fd.open⇥log⇥write⇥/new/log",
        "> log.dest⇥fd⇥log",
        "> nonsense",
        "> fd.open⇥log⇥write⇥/tmp/log",
        "* wait 20s",
        "> fd.delete⇥far",
        "> exit",
    ];

    private static readonly string[] _launches =
    [
        "* directory /run",
        "* file /far hello",
        "* remote /far",
        "* program /bin/cat",
        "$ daemonproxy -i",
        "> fd.open⇥far⇥read⇥/far",
        "* delay /far never",
        "> service.args⇥other⇥/bin/cat",
        "> service.start⇥other",
        "> service.fds⇥own⇥far",
        "> service.args⇥own⇥/bin/cat",
        "> service.start⇥own",
    ];

    private delegate void Call(SystemCalls calls);

    [Fact]
    public void NoTurnTakesTimeForFilesThatMayStopAnswering()
    {
        using Stage stage = new();
        foreach (string line in _conversation)
        {
            Instant before = stage.World.Kernel.Now();
            stage.Do(line);
            bool isWait = line.StartsWith("* wait", StringComparison.Ordinal);
            Assert.True(isWait || stage.World.Kernel.Now() == before, line);
        }

        Assert.Equal(0, stage.World.ExitCode);
    }

    [Fact]
    public void NoTurnClosesASocketThatLingers()
    {
        using Stage stage = new();
        stage.Do("$ daemonproxy -i");
        stage.Do("> fd.pipe⇥left⇥right⇥unix");
        foreach (SimFile? file in AllFiles(stage.World.Kernel))
        {
            if (file is { Kind: FdKind.Socket })
            {
                file.Lingers = true;
            }
        }

        Instant before = stage.World.Kernel.Now();
        stage.Do("> fd.delete⇥left");
        Assert.Contains("< fd.state⇥right⇥deleted", stage.Do("> fd.delete⇥right"));
        Assert.Equal(before, stage.World.Kernel.Now());
    }

    [Fact]
    public void ADescriptorThatDoesNotAnswerHoldsUpOnlyTheServiceThatHasIt()
    {
        using Stage stage = new();
        foreach (string line in _launches)
        {
            stage.Do(line);
        }

        Assert.Null(stage.World.ProcessOf("other")!.Report);
        Assert.NotNull(stage.World.ProcessOf("own")!.Report);
        stage.Do("* crash");
        stage.Do("> service.args⇥later⇥/bin/cat");
        stage.Do("> service.start⇥later");
        Assert.Null(stage.World.ProcessOf("later")!.Report);
    }

    [Fact]
    public void TheHarnessDetectsACallThatMayWait()
    {
        AssertNoticed("Close", calls => calls.Close(_far));
        AssertNoticed("Identify", calls => calls.Identify(_far, out _));
        AssertNoticed(
            "SetPollInterest", calls => calls.SetPollInterest(_far, PollInterest.Read, default, again: false));
        AssertNoticed("BecomeSubreaper", calls => calls.BecomeSubreaper());
        AssertNoticed("Open", calls => calls.Open("/far\0"u8, OpenMode.Read, out _));
        AssertNoticed(null, calls => calls.Duplicate(_far, true, out _));
        AssertNoticed(null, calls => calls.SetNonblocking(_far, true));
        AssertNoticed(null, calls => calls.Open("/dev/null\0"u8, OpenMode.Read, out _));
    }

    private static void AssertNoticed(string? name, Call call)
    {
        using SimKernel kernel = new();
        SimNode node = kernel.AddNode("/far", SimNodeKind.File);
        node.IsRemote = true;
        kernel.Inherit(_far.Value, kernel.OpenNode(node, OpenMode.Read));
        SlowCalls calls = new(kernel);
        Instant before = kernel.Now();
        calls.BeginTurn();
        call(calls);
        calls.EndTurn();
        Assert.Equal(name, calls.Waited);
        Assert.Equal(name is not null, kernel.Now() > before);
    }

    private static SimFile?[] AllFiles(SimKernel kernel)
    {
        SimFile?[] files = new SimFile?[64];
        for (int fd = 0; fd < files.Length; fd++)
        {
            files[fd] = kernel.FileOf(new FdNumber(fd));
        }

        return files;
    }
}
