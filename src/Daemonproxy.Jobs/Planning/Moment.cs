using System;
using System.Diagnostics;

namespace Daemonproxy.Jobs.Planning;

/// <summary>
/// One point in time by two clocks: delays and limits use the monotonic clock, records the time of day.
/// </summary>
/// <param name="Milliseconds">CLOCK_MONOTONIC in milliseconds, whose seconds are those of the daemon.</param>
/// <param name="Wall">The time of day, in whole milliseconds, as records have it.</param>
internal readonly record struct Moment(long Milliseconds, DateTimeOffset Wall)
{
    public static Moment Now => new(
        (long)(Stopwatch.GetTimestamp() * (1000.0 / Stopwatch.Frequency)),
        DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));

    /// <summary>The time of day at another point of the monotonic clock.</summary>
    public DateTimeOffset WallAt(long milliseconds) => Wall.AddMilliseconds(milliseconds - Milliseconds);

    /// <summary>The point of the monotonic clock at a time of day.</summary>
    public long MillisecondsAt(DateTimeOffset wall) => Milliseconds + (long)(wall - Wall).TotalMilliseconds;
}
