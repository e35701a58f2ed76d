using System;
using System.Collections.Generic;
using Daemonproxy.Collections;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>The heap of deadlines against a list that is searched.</summary>
public sealed class DeadlineHeapTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 50)]
    [InlineData(3, 1_000_000)]
    public void GivesTheNearestAndOfEqualsTheFirstArmed(int seed, int range)
    {
        const int Count = 40;
        Random random = new(seed);
        using SimKernel kernel = new();
        DeadlineHeap heap = new(kernel, Count);
        Dictionary<int, (long Due, int Order)> model = [];
        for (int step = 0; step < 50_000; step++)
        {
            int service = random.Next(Count);
            switch (random.Next(3))
            {
                case 0:
                    heap.Disarm(service);
                    model.Remove(service);
                    break;
                case 1 when model.Count > 0:
                    heap.Disarm(heap.First);
                    model.Remove(NearestOf(model));
                    break;
                default:
                    int due = random.Next(range);
                    heap.Arm(service, new Instant(due));
                    model[service] = (due, step);
                    break;
            }

            int nearest = NearestOf(model);
            Assert.Equal(nearest, heap.First);
            Assert.Equal(nearest < 0 ? Instant.Never : new Instant(model[nearest].Due), heap.Nearest);
        }
    }

    private static int NearestOf(Dictionary<int, (long Due, int Order)> model)
    {
        int nearest = -1;
        foreach ((int service, (long Due, int Order) entry) in model)
        {
            nearest = nearest < 0 || entry.CompareTo(model[nearest]) < 0 ? service : nearest;
        }

        return nearest;
    }
}
