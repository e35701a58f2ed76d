using Daemonproxy.Connections;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>The table of the policy for slow readers: facts and the time in, the verdict out.</summary>
public sealed class SlowReaderPolicyTests
{
    private const long Since = 100;

    [Theory]
    [InlineData(15, 30, true, 114, "Wait")]
    [InlineData(15, 30, true, 115, "DiscardEvents")]
    [InlineData(15, 30, true, 129, "DiscardEvents")]
    [InlineData(15, 30, true, 130, "Close")]
    [InlineData(15, 30, false, 115, "Wait")]
    [InlineData(15, 30, false, 129, "Wait")]
    [InlineData(15, 30, false, 130, "Close")]
    [InlineData(0, 0, true, 100, "Close")]
    [InlineData(0, 1, true, 100, "DiscardEvents")]
    [InlineData(0, 1, false, 100, "Wait")]
    [InlineData(7, 7, true, 107, "Close")]
    [InlineData(30, 15, true, 115, "Close")]
    [InlineData(15, int.MaxValue, false, 1_000_000, "Wait")]
    public void ABlockedConnectionGetsItsVerdict(
        int reset, int close, bool commandsWait, long now, string expected)
    {
        SlowReaderPolicy policy = new(At(Since), reset, close, commandsWait);
        Assert.Equal(expected, policy.Judge(At(now)).ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AConnectionThatReadsIsNeverJudged(bool commandsWait)
    {
        SlowReaderPolicy policy = new(Instant.None, 0, 0, commandsWait);
        Assert.Equal(Instant.Never, policy.Due);
        Assert.Equal(SlowReaderVerdict.Wait, policy.Judge(At(1_000_000)));
    }

    /// <summary>So the loop wakes for each verdict, and for nothing else.</summary>
    [Theory]
    [InlineData(15, 30)]
    [InlineData(0, 0)]
    [InlineData(30, 15)]
    [InlineData(1, int.MaxValue)]
    public void TheVerdictChangesWhenItIsDue(int reset, int close)
    {
        foreach (bool commandsWait in (bool[])[true, false])
        {
            SlowReaderPolicy policy = new(At(Since), reset, close, commandsWait);
            Instant before = new(policy.Due.Nanoseconds - 1);
            Assert.Equal(SlowReaderVerdict.Wait, policy.Judge(before));
            Assert.NotEqual(SlowReaderVerdict.Wait, policy.Judge(policy.Due));
        }
    }

    private static Instant At(long seconds) => Instant.FromWholeSeconds(seconds);
}
