using System.Text;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Xunit;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// The delay until the daemon notices that a tree is empty: a session, whose end the kernel does not report, and a
/// control group.
/// </summary>
public sealed class TreeEndTests
{
    private const long Millisecond = 1_000_000;

    [Theory]
    [InlineData(0, 20)]
    [InlineData(7, 30)]
    [InlineData(70, 60)]
    [InlineData(300, 210)]
    public void TheSoonerATreeEndsTheSoonerItsEndIsAnnounced(int livesFor, int within)
    {
        using SimWorld world = new();
        SimProcess left = Leave(world);
        world.Advance(livesFor * Millisecond);
        EndElsewhere(world, left);
        Assert.InRange(TimeUntilEmpty(world), 1, within);
    }

    [Theory]
    [InlineData(true, 60)]
    [InlineData(false, 1_010)]
    public void AnOrphanThatEndsAsOurChildIsLookedForSoon(bool isChild, int within)
    {
        using SimWorld world = new();
        SimProcess left = Leave(world);
        world.Advance(7_001 * Millisecond);
        left.IsChild = isChild;
        if (isChild)
        {
            world.Kernel.End(left, EndReason.Exited, 0);
        }
        else
        {
            EndElsewhere(world, left);
        }

        Assert.InRange(TimeUntilEmpty(world), 1, within);
    }

    [Fact]
    public void AFloodOfOrphansCausesTwentyWalksASecond()
    {
        using SimWorld world = new();
        _ = Leave(world);
        world.Advance(7_000 * Millisecond);
        int before = Record(world).Walks;
        for (int orphan = 0; orphan < 1_000; orphan++)
        {
            world.Kernel.End(world.Kernel.Adopt(), EndReason.Exited, 0);
            world.Advance(Millisecond);
        }

        Assert.InRange(Record(world).Walks - before, 18, 21);
    }

    [Fact]
    public void ATreeThatIsKilledIsLookedForSoon()
    {
        using SimWorld world = new();
        _ = Leave(world, leave: 5);
        world.Advance(4_999 * Millisecond);
        Assert.InRange(TimeUntilEmpty(world), 1, 25);
    }

    [Theory]
    [InlineData("as ever", 0)]
    [InlineData("after an upgrade", 0)]
    [InlineData("after a crash", 0)]
    [InlineData("without inotify", 1_000)]
    public void AnEmptyControlGroupIsNoticed(string which, int within)
    {
        using SimWorld world = new();
        if (which == "without inotify")
        {
            world.Kernel.Faults.Fail(SimCall.WatchGroups, Errno.EMFILE, 1_000);
        }

        SimProcess left = Leave(world, isInGroup: true);
        world.Advance(7_001 * Millisecond);
        if (which is "after an upgrade" or "after a crash")
        {
            world.Session.Send(which == "after an upgrade" ? "reexec\t-\n"u8 : "debug.crash\texception\n"u8);
            world.Settle();

            // The next look watches the group anew.
            world.Advance(1_000 * Millisecond);
        }

        EndElsewhere(world, left);
        world.Settle();
        Assert.InRange(TimeUntilEmpty(world), within == 0 ? 0 : 100, within);
    }

    [Fact]
    public void ControlGroupsThatChangeAllTheTimeCauseTwentyWalksASecond()
    {
        using SimWorld world = new();
        _ = Leave(world, isInGroup: true);
        world.Advance(7_000 * Millisecond);
        int before = Record(world).Walks;
        for (int change = 0; change < 1_000; change++)
        {
            world.Kernel.ChangeGroups();
            world.Advance(Millisecond);
        }

        Assert.InRange(Record(world).Walks - before, 18, 22);
    }

    // A process in the tree of a run that has ended; only SIGKILL ends it.
    private static SimProcess Leave(SimWorld world, int leave = 60, bool isInGroup = false)
    {
        world.Kernel.AddProgram("/bin/x");
        world.Start("-i", "--debug-crash");
        string words = isInGroup ? "service.cgroup\ta\tworkers\nservice.process\ta" : "service.process\ta\tsession";
        world.Session.Send(Encoding.ASCII.GetBytes(
            $"service.args\ta\t/bin/x\n{words}\tleave={leave}\nservice.start\ta\n"));
        world.Settle();
        SimProcess process = world.ProcessOf("a")!;
        SimProcess left = world.Kernel.Fork(process, 1UL << Signal.SIGTERM);
        world.Kernel.End(process, EndReason.Exited, 0);
        world.Settle();
        return left;
    }

    private static void EndElsewhere(SimWorld world, SimProcess process)
    {
        world.Kernel.End(process, EndReason.Exited, 0);
        process.State = SimProcessState.Free;
    }

    private static int TimeUntilEmpty(SimWorld world)
    {
        int time = 0;
        while (Record(world).Tree != TreeState.Empty)
        {
            Assert.True(++time < 5_000, "it is never empty");
            world.Advance(Millisecond);
        }

        return time;
    }

    private static ServiceRecord Record(SimWorld world)
    {
        Name.TryParse("a"u8, FixedName.Longest, out Name name);
        Assert.True(world.Running.Services.TryFind(name, out ServiceIndex service));
        return world.Running.Services[service];
    }
}
