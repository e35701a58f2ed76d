namespace Daemonproxy.Protocol;

/// <summary>A point on CLOCK_MONOTONIC, in nanoseconds (clock_gettime(2)); on the wire, whole seconds.</summary>
internal readonly record struct Instant(long Nanoseconds) : global::System.IComparable<Instant>
{
    /// <summary>Before every instant that the clock shows: "not at all" in a record.</summary>
    public static Instant None => new(long.MinValue);

    /// <summary>After every instant that the clock shows: a deadline that never comes.</summary>
    public static Instant Never => new(long.MaxValue);

    public bool IsNone => Nanoseconds == long.MinValue;

    /// <summary>True if the instant is none, or less than 73 years from the start of the clock.</summary>
    public bool IsPlausible => IsNone || Nanoseconds is > -(1L << 61) and < 1L << 61;

    /// <summary>Whole seconds, rounded down, as events print them.</summary>
    public long WholeSeconds => Nanoseconds >= 0
        ? Nanoseconds / Seconds.Nanoseconds
        : -((-Nanoseconds + Seconds.Nanoseconds - 1) / Seconds.Nanoseconds);

    /// <summary>The instant at which the clock shows this many whole seconds.</summary>
    public static Instant FromWholeSeconds(long seconds) => new(seconds * Seconds.Nanoseconds);

    public static Instant operator +(Instant instant, Seconds seconds) =>
        new(instant.Nanoseconds + (seconds.Value * Seconds.Nanoseconds));

    public static bool operator <(Instant left, Instant right) => left.Nanoseconds < right.Nanoseconds;

    public static bool operator >(Instant left, Instant right) => left.Nanoseconds > right.Nanoseconds;

    public static bool operator <=(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds;

    public static bool operator >=(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds;

    /// <summary>The earlier one of two.</summary>
    public static Instant Earlier(Instant left, Instant right) => right < left ? right : left;

    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>The exact difference, rounded down to whole seconds; never below 0.</summary>
    public static Seconds Between(Instant earlier, Instant later) =>
        new(later <= earlier ? 0 : (later.Nanoseconds - earlier.Nanoseconds) / Seconds.Nanoseconds);
}
