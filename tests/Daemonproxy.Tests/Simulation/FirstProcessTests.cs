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
}
