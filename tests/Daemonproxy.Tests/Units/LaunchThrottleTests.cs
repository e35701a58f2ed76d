using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Units;

public sealed class LaunchThrottleTests
{
    private const int NoLimit = 1_000;
    private const int Talker = 7;
    private const int Starter = 3;
    private static readonly Instant Begin = new(1_000_000_000);

    [Theory]
    [InlineData(2, 16)]
    [InlineData(64, NoLimit)]
    public void EightLaunchesForEachProcessorAreYoung(int processors, int most)
    {
        LaunchThrottle pace = new(processors);
        Assert.Equal(most, Fill(pace, Begin));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    [InlineData(64, NoLimit)]
    public void AControllerThatTalksHasAProcessorForItself(int processors, int most)
    {
        LaunchThrottle pace = new(processors);
        pace.NoteInput(Talker, Begin);
        Assert.Equal(most, Fill(pace, Begin));
    }

    [Fact]
    public void AControllerThatFallsSilentFreesThePace()
    {
        LaunchThrottle pace = new(2);
        pace.NoteInput(Talker, Begin);
        Fill(pace, Begin);
        Instant silent = After(LaunchThrottle.TalkNanoseconds);
        Assert.Equal(silent, pace.FreeAt(Begin));
        Assert.True(pace.FreeAt(silent) <= silent);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void OnALoneProcessorATurnMakesOneProcess(int processors, bool isOneByOne) =>
        Assert.Equal(isOneByOne, new LaunchThrottle(processors).IsOneByOne(Begin));

    [Fact]
    public void ForASecondAfterTalkTwoLaunchesForEachProcessorAreYoung()
    {
        LaunchThrottle pace = new(2);
        pace.NoteInput(Talker, Begin);
        Instant silent = After(LaunchThrottle.TalkNanoseconds);
        Assert.True(pace.IsOneByOne(silent));
        Assert.Equal(4, Fill(pace, silent));
        pace.End(0);
        Instant forgotten = After(LaunchThrottle.RecentNanoseconds);
        Assert.False(pace.IsOneByOne(forgotten));
        Assert.Equal(16, Fill(pace, forgotten));
    }

    [Fact]
    public void TheEndOfTheSecondAfterTalkFreesThePace()
    {
        LaunchThrottle pace = new(2);
        pace.NoteInput(Talker, Begin);
        Instant late = After(LaunchThrottle.RecentNanoseconds - 1);
        Fill(pace, late);
        Assert.Equal(After(LaunchThrottle.RecentNanoseconds), pace.FreeAt(late));
    }

    [Fact]
    public void AControllerThatAsksForStartsHoldsUpNone()
    {
        LaunchThrottle pace = new(2);
        pace.NoteInput(Starter, Begin);
        pace.NoteStart(Starter);
        pace.NoteInput(Starter, Begin);
        Assert.Equal(16, Fill(pace, Begin));
    }

    [Fact]
    public void AStartDoesNotTakeAwayTheProcessorOfAnotherController()
    {
        LaunchThrottle pace = new(2);
        pace.NoteInput(Talker, Begin);
        pace.NoteInput(Starter, Begin);
        pace.NoteStart(Starter);
        Assert.Equal(1, Fill(pace, Begin));
    }

    [Fact]
    public void TheNextConnectionWithTheNumberOfAStarterTalks()
    {
        LaunchThrottle pace = new(2);
        pace.NoteStart(Starter);
        pace.NoteEnd(Starter);
        pace.NoteInput(Starter, Begin);
        Assert.Equal(1, Fill(pace, Begin));
    }

    [Fact]
    public void AnEndFreesThePace()
    {
        LaunchThrottle pace = new(1);
        Fill(pace, Begin);
        pace.End(0);
        Assert.Equal(Instant.None, pace.FreeAt(Begin));
    }

    [Fact]
    public void AProcessThatRunsIsYoungForAMillisecond()
    {
        LaunchThrottle pace = new(2);
        int most = Fill(pace, Begin);
        pace.NoteExecuted(most - 1);
        Assert.Equal(After(LaunchThrottle.SettledNanoseconds), pace.FreeAt(Begin));
        Assert.Equal(Instant.None, pace.FreeAt(After(LaunchThrottle.SettledNanoseconds)));
    }

    [Fact]
    public void OnALoneProcessorALaunchBeginsWhenTheOneBeforeHasExecuted()
    {
        LaunchThrottle pace = new(1);
        Assert.Equal(1, Fill(pace, Begin));
        Assert.Equal(After(LaunchThrottle.HangingNanoseconds), pace.FreeAt(Begin));
        pace.NoteExecuted(0);
        Assert.Equal(1, Fill(pace, Begin));
        pace.NoteExecuted(0);
        Assert.Equal(After(LaunchThrottle.SettledNanoseconds), pace.FreeAt(Begin));
    }

    [Fact]
    public void ALaunchThatHangsHoldsUpNoOther()
    {
        LaunchThrottle pace = new(1);
        Fill(pace, Begin);
        Assert.Equal(After(LaunchThrottle.HangingNanoseconds), pace.FreeAt(Begin));
        Assert.Equal(Instant.None, pace.FreeAt(After(LaunchThrottle.HangingNanoseconds)));
    }

    // Begins launches until there has to be a pause; how many.
    private static int Fill(LaunchThrottle pace, Instant now)
    {
        int begun = 0;
        while (begun < NoLimit && pace.FreeAt(now) <= now)
        {
            pace.Begin(begun++, now);
        }

        return begun;
    }

    private static Instant After(long nanoseconds) => new(Begin.Nanoseconds + nanoseconds);
}
