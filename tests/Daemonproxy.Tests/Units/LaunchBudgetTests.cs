using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Units;

public sealed class LaunchBudgetTests
{
    private static readonly Instant Begin = new(1_000_000_000);

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(Limits.LaunchesPerTurn - 1, 0, true)]
    [InlineData(Limits.LaunchesPerTurn, 0, false)]
    [InlineData(1, LaunchBudget.MostNanoseconds, true)]
    [InlineData(1, LaunchBudget.MostNanoseconds + 1, false)]
    public void TheBudgetEndsAfterEightLaunchesOrTwoMilliseconds(int launches, long nanoseconds, bool allowed)
    {
        LaunchBudget budget = new(Begin);
        for (int launch = 0; launch < launches; launch++)
        {
            budget.Take();
        }

        Assert.Equal(allowed, budget.Allows(new Instant(Begin.Nanoseconds + nanoseconds)));
    }
}
