using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Xunit;

namespace Daemonproxy.Manager.Tests.Simulation;

/// <summary>
/// Random services, ends, wishes, new files, and managers that are killed between two commands. Nothing is started
/// twice, what is needed is ready before, stops are in reverse order, and at last everything is as it was asked for.
/// </summary>
public class RandomTests
{
    private const int UsualSeeds = 300;

    [Fact]
    public void TheManagerKeepsItsPromises()
    {
        int seeds = int.TryParse(
            Environment.GetEnvironmentVariable("MANAGER_SEEDS"), CultureInfo.InvariantCulture, out int asked)
            ? asked
            : UsualSeeds;
        int first = int.TryParse(
            Environment.GetEnvironmentVariable("MANAGER_FIRST"), CultureInfo.InvariantCulture, out int given)
            ? given
            : 1;
        string[] failures =
        [
            .. Enumerable.Range(first, seeds).AsParallel().Select(Problem).OfType<string>().Order(
                StringComparer.Ordinal),
        ];
        IEnumerable<string> heads = failures.Take(10).Select(static failure => failure.Split('\n')[0]);
        Assert.True(
            failures.Length == 0,
            $"{failures.Length} of {seeds} seeds fail: {string.Join(", ", heads)}\n{failures.FirstOrDefault()}");
    }

    // The simulation must be able to fail: it finds a manager that forgets to wait for what a service needs.
    [Fact]
    public void ABrokenOrderIsFound() =>
        Assert.Contains(
            Enumerable.Range(1, 50), static seed => new RandomRun(seed) { ForgetsNeeds = true }.Run() is not null);

    private static string? Problem(int seed) => new RandomRun(seed).Run();
}
