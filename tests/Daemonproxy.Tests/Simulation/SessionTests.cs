using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The effect of the daemon on descriptors that it shares with the process that started it.</summary>
public sealed class SessionTests
{
    [Fact]
    public void StandardOutputStaysBlockingForThoseWhoShareIt()
    {
        using SimWorld world = new();
        SimFile output = world.Kernel.FileOf(new FdNumber(1))!;
        SimKernel.Hold(output);
        world.Start("-i");
        Assert.False(output.IsNonblocking);
        world.Session.Send("echo\tx\n"u8);
        world.Settle();
        Assert.False(output.IsNonblocking);
        world.Session.Send("exit\n"u8);
        world.Settle();
        Assert.Equal(0, world.ExitCode);
        Assert.False(output.IsNonblocking);
    }

    [Fact]
    public void TheEndOfTheSessionEndsTheDaemonWhereverItCrashesMeanwhile()
    {
        int crashes = 0;
        for (int calls = 0; calls < 12; calls++)
        {
            using Transcripts.Stage stage = new();
            stage.Do("$ daemonproxy -i");
            stage.Do($"* crash after {calls}");
            crashes += string.Join('\n', stage.Do("> exit")).Contains("crashes") ? 1 : 0;
            Assert.Equal(0, stage.World.ExitCode);
        }

        Assert.InRange(crashes, 4, 11);
    }

    [Fact]
    public void AFullDiskIsTriedAboutFiveTimesInTheFirstSecondAndThenTwiceASecond()
    {
        using SimWorld world = new();
        world.Start("-i");
        world.Session.Send("fd.open\tstderr\twrite\t/dev/full\nnonsense\n"u8);
        world.Advance(Seconds.Nanoseconds);
        SimNode full = world.Kernel.NodeAt("/dev/full")!;
        Assert.InRange(full.Attempts, 3, 5);
        int before = full.Attempts;
        world.Advance(10 * Seconds.Nanoseconds);
        Assert.Equal(before + 20, full.Attempts);
    }

    [Fact]
    public void NothingIsWrittenToAPageThatWasNotReserved()
    {
        using SimWorld world = new();
        world.Kernel.AddProgram("/bin/x");
        world.Start("-i");
        for (int i = 0; i < 300; i++)
        {
            world.Session.Send(System.Text.Encoding.ASCII.GetBytes(
                $"service.args\ts{i}\t/bin/x\t{new string('x', 5 * i)}\nservice.start\ts{i}\n"
                + $"service.fds\ts{i}\tcontrol.socket\nfd.pipe\tr{i}\tw{i}\nfd.open\tf{i}\tread\t/dev/null\n"));
            world.Settle();
            world.Session.TakeReceived();
        }

        world.Kernel.Raise(new Signal(Signal.SIGHUP));
        world.Advance(100 * Seconds.Nanoseconds);
        Assert.Equal(-1, world.Kernel.FindUnreserved());
    }
}
