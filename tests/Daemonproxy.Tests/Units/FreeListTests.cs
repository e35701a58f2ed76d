using System;
using System.Collections.Generic;
using Daemonproxy.Collections;
using Daemonproxy.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>Free records against a stack and a mark.</summary>
public sealed class FreeListTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void GivesBackWhatCameLastAndThenWhatWasNeverUsed(int seed)
    {
        const int Count = 50;
        Random random = new(seed);
        using SimKernel kernel = new();
        FreeList stack = new(kernel, Count);
        Stack<int> returned = [];
        List<int> taken = [];
        int highWater = 0;
        for (int step = 0; step < 20_000; step++)
        {
            Assert.Equal(highWater, stack.HighWater);
            Assert.Equal(taken.Count < Count, stack.HasRoom);
            if (taken.Count < Count && random.Next(taken.Count + 1) < Count / 2)
            {
                int expected = returned.Count > 0 ? returned.Pop() : highWater++;
                Assert.Equal(expected, stack.Next);
                Assert.True(stack.HighestOfNext(1) >= expected);
                Assert.Equal(expected, stack.Take());
                taken.Add(expected);
            }
            else if (taken.Count > 0)
            {
                int at = random.Next(taken.Count);
                stack.Return(taken[at]);
                returned.Push(taken[at]);
                taken.RemoveAt(at);
            }

            int more = random.Next(4);
            int highest = Math.Max(highWater - 1, highWater - 1 + more - returned.Count);
            Assert.Equal(highest, stack.HighestOfNext(more));
        }
    }

    [Fact]
    public void TakesNoMoreThanThereAre()
    {
        using SimKernel kernel = new();
        FreeList stack = new(kernel, 1);
        stack.Take();
        Assert.False(stack.HasRoom);
        Assert.Throws<InvalidOperationException>(() => stack.Take());
    }
}
