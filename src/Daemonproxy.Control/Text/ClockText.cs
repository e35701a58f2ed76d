using System;
using System.Diagnostics;
using System.Globalization;
using Daemonproxy.Client;
using Daemonproxy.Control.Kernel;

namespace Daemonproxy.Control.Text;

/// <summary>
/// Times of day. The daemon counts on the monotonic clock, so a time of day is the current time minus a duration. It
/// moves when the clock is set; the duration is exact.
/// </summary>
internal sealed class ClockText
{
    private static readonly string[] _months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    private readonly LocalTime _today;

    // The offset between the clocks, to the millisecond, so that a time of day is always shown the same.
    private readonly long _offset;

    /// <param name="monotonic">The milliseconds of the monotonic clock.</param>
    /// <param name="clock">The same moment of the clock.</param>
    public ClockText(long monotonic, DateTimeOffset clock)
    {
        Now = new Instant(monotonic / 1000);
        Clock = clock;
        _offset = clock.ToUnixTimeMilliseconds() - monotonic;
        _today = LocalTime.Of(clock.ToUnixTimeSeconds());
    }

    /// <summary>The current times of both clocks.</summary>
    public static ClockText Current =>
        new(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000), DateTimeOffset.UtcNow);

    /// <summary>The current second of the monotonic clock.</summary>
    public Instant Now { get; }

    /// <summary>The same second of the other clock.</summary>
    public DateTimeOffset Clock { get; }

    /// <summary>The seconds that have passed since.</summary>
    public long SecondsSince(Instant instant) => Math.Max(0, Now.Value - instant.Value);

    /// <summary><c>12:31:02</c>; on another day <c>28 Nov</c>, in another year <c>2025-11-28</c>.</summary>
    public string Of(Instant instant) => Of(UnixOf(instant));

    /// <summary>The same of a second of the clock.</summary>
    public string Of(long unixSeconds)
    {
        var time = LocalTime.Of(unixSeconds);
        if (time.Year != _today.Year)
        {
            return $"{time.Year:D4}-{time.Month:D2}-{time.Day:D2}";
        }

        return (time.Month, time.Day) == (_today.Month, _today.Day)
            ? $"{time.Hour:D2}:{time.Minute:D2}:{time.Second:D2}"
            : $"{time.Day} {_months[time.Month - 1]}";
    }

    /// <summary>RFC 3339, UTC, whole seconds.</summary>
    public string Rfc3339(Instant instant) => Rfc3339(DateTimeOffset.FromUnixTimeSeconds(UnixOf(instant)));

    /// <summary>RFC 3339, UTC, whole seconds.</summary>
    public static string Rfc3339(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private long UnixOf(Instant instant) => ((instant.Value * 1000) + _offset) / 1000;
}
