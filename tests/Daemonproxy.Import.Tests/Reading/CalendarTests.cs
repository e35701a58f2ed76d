using Daemonproxy.Import.Units;
using Xunit;

namespace Daemonproxy.Import.Tests.Reading;

/// <summary>Calendar events of systemd.time(7), and what crontab(5) has for them.</summary>
public sealed class CalendarTests
{
    [Theory]
    [InlineData("daily", "0 0 * * *")]
    [InlineData("weekly", "0 0 * * 1")]
    [InlineData("quarterly", "0 0 1 1,4,7,10 *")]
    [InlineData("*:0/15", "0-59/15 * * * *")]
    [InlineData("*-*-* 6,18:00", "0 6,18 * * *")]
    [InlineData("Mon,Wed..Fri 12:30", "30 12 * * 1,3-5")]
    [InlineData("Sat..Sun 00:00:00", "0 0 * * 6-7")]
    [InlineData("*-02-1..5 3:05", "5 3 1-5 2 *")]
    [InlineData("03-05 08:00", "0 8 5 3 *")]
    [InlineData("2026-01-01 00:00", null)]
    [InlineData("*:*:0/10", null)]
    [InlineData("*-*~1 00:00", null)]
    [InlineData("Mon 12:00 UTC", null)]
    [InlineData("25:00", null)]
    public void ACalendarEventIsASchedule(string expression, string? schedule) =>
        Assert.Equal(schedule, CalendarExpression.ToCron(expression));
}
