using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Fleet.Tests.Harness;
using Daemonproxy.Jobs;
using Xunit;
using Xunit.Abstractions;

namespace Daemonproxy.Fleet.Tests.Fleets;

/// <summary>Many jobs on five machines, with random faults of agents, daemons, whole machines and Redis.</summary>
public sealed class ManyJobsTests(ITestOutputHelper output)
{
    private const int Machines = 5;

    // Of all jobs: not over; not reported exactly once; with runs that are not accounted for.
    private const string Account = """
        local open, odd, lost, runs = 0, 0, 0, 0
        for _, key in ipairs(redis.call('KEYS', '{daemonproxy}:job:*')) do
          local h = redis.call('HMGET', key, 'st', 'att', 'runs', 'lost', 'back')
          local function number(i) return tonumber(h[i] or '0') end
          if h[1] ~= 'succeeded' then open = open + 1 end
          if number(2) ~= 1 then odd = odd + 1 end
          if number(3) ~= number(2) + number(4) + number(5) then lost = lost + 1 end
          runs = runs + number(3)
        end
        return open .. ' ' .. odd .. ' ' .. lost .. ' ' .. runs
        """;

    [Fact]
    public async Task NoneIsLostAndNoneIsReportedTwice()
    {
        int jobs = Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") == "1" ? 10_000 : 1_000;
        await using TestFleet fleet = await TestFleet.StartAsync(Machines, null, "--places", "6");
        long begun = Environment.TickCount64;
        using var over = new CancellationTokenSource();
        Task<int> first = DisturbAsync(fleet, fleet.Machines[..3], hasRedis: true, new Random(1), over.Token);
        Task<int> second = DisturbAsync(fleet, fleet.Machines[3..], hasRedis: false, new Random(2), over.Token);
        string[] names = await AcceptAsync(fleet, jobs);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60 + (jobs / 10)));
        await Task.WhenAll(names.Select(name => fleet.Jobs.WaitAsync(name, patience.Token)));
        await over.CancelAsync();
        int faults = await first + await second;
        string[] account = (await fleet.Redis.CallAsync("EVAL", Account, "0")).Split(' ');
        output.WriteLine(
            $"{jobs} jobs, {faults} faults, {account[3]} runs, {Environment.TickCount64 - begun} ms");
        Assert.Equal(("0", "0", "0"), (account[0], account[1], account[2]));
        Assert.True(faults >= 5, $"{faults} faults");
    }

    private static async Task<string[]> AcceptAsync(TestFleet fleet, int jobs)
    {
        List<string> names = [];
        foreach (int[] part in Enumerable.Range(0, jobs).Chunk(50))
        {
            JobInfo[] accepted = await Task.WhenAll(
                part.Select(_ => fleet.Jobs.StartAsync(new JobRequest("/bin/true"))));
            names.AddRange(accepted.Select(static job => job.Name));
        }

        return [.. names];
    }

    private static async Task<int> DisturbAsync(
        TestFleet fleet, List<TestMachine> machines, bool hasRedis, Random random, CancellationToken over)
    {
        int faults = 0;
        while (!over.IsCancellationRequested)
        {
            TestMachine machine = machines[random.Next(machines.Count)];
            switch (random.Next(hasRedis ? 8 : 7))
            {
                case 0 or 1 or 2:
                    await machine.KillAgentAsync();
                    await machine.StartAgentAsync();
                    break;
                case 3 or 4:
                    machine.Daemon.Signal("SEGV");
                    break;
                case 5:
                    await machine.Daemon.KillAsync();
                    await machine.Daemon.StartAgainAsync();
                    break;
                case 6:
                    machine.SignalAll("STOP");
                    await Task.Delay(TimeSpan.FromSeconds(2), CancellationToken.None); // past its lease
                    machine.SignalAll("CONT");
                    break;
                case 7:
                    await fleet.Redis.KillAsync();
                    await fleet.Redis.StartAgainAsync();
                    break;
            }

            faults++;
            await Task.Delay(random.Next(100), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return faults;
    }
}
