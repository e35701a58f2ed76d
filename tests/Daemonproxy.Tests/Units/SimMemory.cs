using System;
using Daemonproxy.Protocol;
using Daemonproxy.State;
using Daemonproxy.Tests.Simulation;

namespace Daemonproxy.Tests.Units;

/// <summary>An image of the daemon's layout, or of a smaller one, for tests of what lives in it.</summary>
internal sealed class SimMemory : IDisposable
{
    public SimMemory(ImageLayout layout)
    {
        if (StateImage.TryCreate(Kernel, layout, out StateImage? image) != Errno.None)
        {
            throw new SimulationException("there is no image");
        }

        Image = image!;
    }

    public SimKernel Kernel { get; } = new();

    public StateImage Image { get; }

    public void Dispose() => Kernel.Dispose();
}
