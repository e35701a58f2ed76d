using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Xunit;

namespace Daemonproxy.Tests.Units;

public sealed class RestartDelayTests
{
    private const long Second = 1_000_000_000;

    // Seconds: the interval, the last start (-1: none), now, the next start.
    [Theory]
    [InlineData(5, -1, 100, 100)]
    [InlineData(5, 100, 100, 105)]
    [InlineData(5, 100, 103, 105)]
    [InlineData(5, 100, 105, 105)]
    [InlineData(5, 100, 106, 106)]
    [InlineData(1, 100, 100, 101)]
    [InlineData(int.MaxValue, 100, 101, 100L + int.MaxValue)]
    public void TheNextStartIsAnIntervalAfterTheLastOneAndNotInThePast(int interval, long last, long now, long due)
    {
        Instant started = last < 0 ? Instant.None : new Instant(last * Second);
        Instant next = new RestartDelay(interval).NextStart(started, new Instant(now * Second));
        Assert.Equal(new Instant(due * Second), next);
    }

    [Fact]
    public void ARefusedLaunchIsTriedAgainAfterThreeSeconds() =>
        Assert.Equal(new Instant(103 * Second), RestartDelay.AfterRefusal(new Instant(100 * Second)));
}
