using System.Linq;
using Daemonproxy.Kernel;
using Daemonproxy.Tests.Transcripts;
using Xunit;

namespace Daemonproxy.Tests.Simulation;

/// <summary>A program that is asked whether it can take over, and that does not just answer and end.</summary>
public sealed class UpgradeCheckTests
{
    private const string InTime =
        "< error⇥cannot be replaced: it did not answer in time, for command \"reexec⇥/bin/waits\"";

    private const string Nonsense = "< error⇥cannot be replaced: it does not say that it can take over, "
        + "for command \"reexec⇥/bin/waits\"";

    [Fact]
    public void ACheckThatAnswersSomethingElseAndGoesOnIsEnded()
    {
        using Stage stage = Asking(out SimProcess asked);
        asked[1]!.Write("hello\n"u8, out _);
        Assert.Contains(Nonsense, stage.Do("* wait 1ms"));
        Assert.Equal(SimProcessState.Free, asked.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACheckThatHasEndedIsNotEndedAgainWhenItsNumberIsReused(bool isChild)
    {
        using Stage stage = Asking(out SimProcess asked);
        SimKernel kernel = stage.World.Kernel;

        // What it has started goes on, and holds the pipe that the answer would come by.
        kernel.Adopt().AddFile(asked[1]);
        int pid = asked.Pid;
        kernel.End(asked, EndReason.Exited, 0);
        stage.Do("* wait 1ms");
        SimProcess other = isChild ? kernel.Adopt() : kernel.Neighbour();
        other.Pid = pid;
        Assert.Contains(InTime, stage.Do("* wait 11s"));
        Assert.Equal(SimProcessState.Running, other.State);
    }

    [Fact]
    public void TheCheckEndsWithTheDaemon()
    {
        using Stage stage = Asking(out SimProcess asked);
        stage.Do("* connect one /run/control");
        stage.Do("one> terminate⇥0");
        Assert.Equal(0, stage.World.ExitCode);
        Assert.NotEqual(SimProcessState.Running, asked.State);
    }

    private static Stage Asking(out SimProcess asked)
    {
        Stage stage = new();
        stage.Do("* program /bin/waits");
        stage.Do("* directory /run");
        stage.Do("$ daemonproxy -i -S /run/control");
        stage.Do("> reexec⇥/bin/waits");
        asked = stage.World.Kernel.Processes.Single(process => process.State == SimProcessState.Running);
        return stage;
    }
}
