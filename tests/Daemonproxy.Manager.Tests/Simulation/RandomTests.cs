using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Xunit;
using Xunit.Abstractions;

namespace Daemonproxy.Manager.Tests.Simulation;

/// <summary>
/// Random services, ends, wishes, new files, and managers that are killed between two commands. Nothing is started
/// twice, what is needed is ready before, stops are in reverse order, and at last everything is as it was asked for.
/// </summary>
public class RandomTests(ITestOutputHelper output)
{
    private const int UsualSeeds = 300;

    /// <summary>The least number of plans of <see cref="UsualSeeds"/> seeds, far below what they make.</summary>
    private const int LeastSteps = 50_000;

    private const int SeedsAtOnce = 100;

    private long _steps;

    // `make soak` asks for a number of seeds and of steps. It runs until it has both.
    [Fact]
    public void TheManagerKeepsItsPromises()
    {
        int asked = Setting("MANAGER_SEEDS", UsualSeeds);
        int least = Setting("MANAGER_STEPS", asked < UsualSeeds ? 1 : LeastSteps);
        int first = Setting("MANAGER_FIRST", 1);
        int seeds = 0;
        List<string> failures = [];
        while (seeds < asked || (_steps < least && failures.Count == 0 && seeds < asked + least))
        {
            int count = int.Min(SeedsAtOnce, seeds < asked ? asked - seeds : SeedsAtOnce);
            failures.AddRange(Enumerable.Range(first + seeds, count).AsParallel().Select(Problem).OfType<string>());
            seeds += count;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"the manager: {seeds:N0} seeds, {_steps:N0} simulated steps"));
        failures.Sort(StringComparer.Ordinal);
        IEnumerable<string> heads = failures.Take(10).Select(static failure => failure.Split('\n')[0]);
        Assert.True(
            failures.Count == 0,
            $"{failures.Count} of {seeds} seeds fail: {string.Join(", ", heads)}\n{failures.FirstOrDefault()}");
        Assert.True(_steps >= least, $"only {_steps} simulated steps, and {least} were asked for");
    }

    // The simulation must be able to fail: it finds a manager that forgets to wait for what a service needs.
    [Fact]
    public void ABrokenOrderIsFound() =>
        Assert.Contains(
            Enumerable.Range(1, 50), static seed => new RandomRun(seed) { ForgetsNeeds = true }.Run() is not null);

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int given)
            ? given
            : usual;

    private string? Problem(int seed)
    {
        var run = new RandomRun(seed);
        string? problem = run.Run();
        Interlocked.Add(ref _steps, run.Steps);
        return problem;
    }
}
