using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The requests of process 1 to the kernel.</summary>
public sealed class FirstProcessTests
{
    [Fact]
    public void TheKeyboardIsTakenAsSoonAsAChildHasMountedDevAndAgainAfterACrash()
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
    public void TheKeyboardIsLeftToTheMachineByAContainerAndByWhoIsNotProcess1(bool isInit)
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
