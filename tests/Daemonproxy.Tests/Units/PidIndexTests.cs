using System;
using System.Collections.Generic;
using Daemonproxy.Collections;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>The table of processes against a dictionary.</summary>
public sealed class PidIndexTests
{
    [Theory]
    [InlineData(1, 70)]
    [InlineData(2, 1000)]
    [InlineData(3, 4_194_304)]
    public void FindsAsADictionary(int seed, int highest)
    {
        const int Count = 64;
        Random random = new(seed);
        using SimKernel kernel = new();
        PidIndex table = new(kernel, Count);
        Dictionary<int, int> model = [];
        for (int step = 0; step < 50_000; step++)
        {
            int pid = 1 + random.Next(highest);
            Assert.Equal(model.GetValueOrDefault(pid, -1), table.Find(new Pid(pid)));
            if (model.Remove(pid))
            {
                table.Remove(new Pid(pid));
            }
            else if (model.Count < Count)
            {
                model.Add(pid, step);
                table.Add(new Pid(pid), step);
            }
            else
            {
                table.Remove(new Pid(pid));
                int known = AnyOf(model, random);
                model.Remove(known);
                table.Remove(new Pid(known));
            }
        }

        foreach ((int pid, int service) in model)
        {
            Assert.Equal(service, table.Find(new Pid(pid)));
        }
    }

    private static int AnyOf(Dictionary<int, int> model, Random random)
    {
        int skip = random.Next(model.Count);
        foreach (int pid in model.Keys)
        {
            if (skip-- == 0)
            {
                return pid;
            }
        }

        return 0;
    }
}
