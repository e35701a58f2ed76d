using Daemonproxy.Kernels;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Simulation;

/// <summary>What process 1 does that no transcript can show, since it never comes to an end.</summary>
public sealed class FirstProcessTests
{
    [Fact]
    public void Process_1_with_nothing_to_execute_stays_to_bury_orphans_when_crashes_come_too_fast()
    {
        using SimWorld world = new();
        world.Kernel.BecomeInit();
        world.Kernel.AddNode("/etc/daemonproxy.conf", SimNodeKind.File);
        world.Start("-i");
        for (int i = 0; i < 3; i++)
        {
            world.Kernel.End(world.Kernel.Adopt(), EndReason.Exited, 0);
        }

        world.Running.Image.Header.Crash.WindowCount = Limits.Crashes + 1;
        world.Kernel.WaitsLeft = 5;
        Assert.Throws<SimulationException>(world.Resume);
        Assert.Null(world.ExitCode);
        Assert.All(world.Kernel.Processes, process => Assert.Equal(SimProcessState.Free, process.State));
    }

    [Fact]
    public void The_keyboard_is_taken_as_soon_as_a_child_has_mounted_dev_and_again_after_a_crash()
    {
        using SimWorld world = new();
        world.Kernel.BecomeInit();
        world.Start("-i");
        EndStranger(world);
        Assert.Equal(0, world.Kernel.KeyboardRequests);

        world.Kernel.AddNode("/dev/tty0", SimNodeKind.File);
        EndStranger(world);
        EndStranger(world);
        Assert.Equal(1, world.Kernel.KeyboardRequests);

        world.Resume();
        world.Settle();
        Assert.Equal(2, world.Kernel.KeyboardRequests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_keyboard_is_left_to_the_machine_by_a_container_and_by_who_is_not_process_1(bool isInit)
    {
        using SimWorld world = new();
        if (isInit)
        {
            world.Kernel.BecomeInit();
            world.Kernel.Faults.Fail(SimCall.TakeCtrlAltDel, Errno.EINVAL);
        }

        world.Kernel.AddNode("/dev/tty0", SimNodeKind.File);
        world.Start("-i");
        EndStranger(world);
        Assert.Equal(0, world.Kernel.KeyboardRequests);
    }

    private static void EndStranger(SimWorld world)
    {
        world.Kernel.End(world.Kernel.Adopt(), EndReason.Exited, 0);
        world.Settle();
    }
}
