using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Xunit;

namespace Daemonproxy.Fleet.Tests.Planning;

/// <summary>
/// Machines with random faults on a simulated clock: agents and daemons are killed, machines are paused past their
/// lease, answers are lost. FLEET_SEEDS in the environment says how many runs.
/// </summary>
public sealed class AgentSimulationTests
{
    private const int Machines = 3;
    private const int TroubledTurns = 200;
    private const int QuietTurns = 300;

    [Fact]
    public void NothingIsLostAndNothingIsReportedTwice()
    {
        string? given = Environment.GetEnvironmentVariable("FLEET_SEEDS");
        int seeds = given is { Length: > 0 } ? int.Parse(given, CultureInfo.InvariantCulture) : 250;
        for (int seed = 0; seed < seeds; seed++)
        {
            string? problem = Run(seed, isCanary: false);
            Assert.True(problem is null, $"seed {seed}: {problem}");
        }
    }

    [Fact]
    public void AnAgentThatTakesOldProcessesForNewRunsIsFound() =>
        Assert.Contains(Enumerable.Range(0, 300), static seed => Run(seed, isCanary: true) is not null);

    private static string? Run(int seed, bool isCanary)
    {
        var random = new Random(seed);
        var redis = new SimRedis();
        var account = new SimAccount();
        List<SimMachine> machines = [.. Enumerable.Range(0, Machines)
            .Select(i => new SimMachine($"a{i}", redis, random, account, isCanary))];
        long now = 1_000_000;
        for (int turn = 0; turn < TroubledTurns; turn++)
        {
            now += random.Next(300);
            Disturb(random, redis, machines, turn, now);
            if (Step(machines, redis, account, now) is { } problem)
            {
                return $"turn {turn}: {problem}";
            }
        }

        machines.ForEach(static machine => (machine.Trouble, machine.PausedUntil) = (0, 0));
        for (int turn = 0; turn < QuietTurns; turn++)
        {
            now += 400;
            if (Step(machines, redis, account, now) is { } problem)
            {
                return $"quiet turn {turn}: {problem}";
            }
        }

        return AtRest(redis, machines);
    }

    private static void Disturb(Random random, SimRedis redis, List<SimMachine> machines, int turn, long now)
    {
        SimMachine machine = machines[random.Next(machines.Count)];
        switch (random.Next(14))
        {
            case 0 or 1 or 2 or 3:
                redis.Accept(string.Create(CultureInfo.InvariantCulture, $"j{turn}"));
                break;
            case 4 when redis.Jobs.Count > 0:
                redis.Stop(redis.Jobs.Keys.ElementAt(random.Next(redis.Jobs.Count)));
                break;
            case 5:
                machine.KillAgent();
                break;
            case 6 when random.Next(3) == 0:
                machine.KillDaemon();
                break;
            case 7:
                machine.PausedUntil = now + random.Next(8000);
                break;
        }
    }

    private static string? Step(List<SimMachine> machines, SimRedis redis, SimAccount account, long now)
    {
        machines.ForEach(machine => machine.Work(now));
        if (account.Broken is { } broken)
        {
            return broken;
        }

        foreach (SimJob job in redis.Jobs.Values)
        {
            int accounted = job.Reports + job.Lost + job.Back + (job.Status == "running" ? 1 : 0);
            if (job.Runs != accounted)
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"{job.Name} has {job.Runs} runs, of which {accounted} are known");
            }

            if (job.Reports > 1)
            {
                return $"{job.Name} was reported twice";
            }
        }

        return null;
    }

    private static string? AtRest(SimRedis redis, List<SimMachine> machines)
    {
        if (redis.Jobs.Values.FirstOrDefault(static job => !job.IsOver) is { } waiting)
        {
            return $"{waiting.Name} is {waiting.Status} for ever";
        }

        if (machines.SelectMany(static machine => machine.Services).FirstOrDefault() is { } left)
        {
            return $"a daemon still has {left.Terms.Name}, {left.Standing}";
        }

        return redis.Jobs.Values.FirstOrDefault(static job =>
            job.Status == "stopped" && job.Stop is null) is { } stopped
            ? $"{stopped.Name} is stopped, and nobody asked"
            : null;
    }
}
