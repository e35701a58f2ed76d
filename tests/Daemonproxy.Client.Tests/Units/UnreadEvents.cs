using System;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Units;

/// <summary>Events that nobody reads.</summary>
[Collection(MemoryMeasurements.Name)]
public sealed class UnreadEvents
{
    [Fact]
    public async Task WithoutAReaderNothingIsKept()
    {
        await using var peer = new Peer();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        string[] lines = [.. Enumerable.Range(0, 100).Select(number => $"info⇥{number} {new string('x', 100)}")];
        for (int round = 0; round < 200; round++)
        {
            peer.Tell(lines);
        }

        await peer.SynchronizeAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1_000_000);
    }
}
