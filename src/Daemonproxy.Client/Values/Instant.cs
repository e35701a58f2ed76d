using System;
using System.Diagnostics;

namespace Daemonproxy.Client;

/// <summary>A point in time, in whole seconds of CLOCK_MONOTONIC (clock_gettime(2)), as the daemon counts it.</summary>
/// <param name="Value">Seconds since the clock began, which is about when the machine was started.</param>
public readonly record struct Instant(long Value) : IComparable<Instant>
{
    /// <summary>The current second.</summary>
    public static Instant Now => new(Stopwatch.GetTimestamp() / Stopwatch.Frequency);

    /// <summary>Makes an instant from a second of the clock.</summary>
    public static implicit operator Instant(long value) => new(value);

    /// <summary>Adds a duration.</summary>
    public static Instant operator +(Instant instant, Seconds seconds) => new(instant.Value + seconds.Value);

    /// <summary>The time from the right one to the left one.</summary>
    public static Seconds operator -(Instant left, Instant right) => new(left.Value - right.Value);

    /// <summary>True if the left one is earlier.</summary>
    public static bool operator <(Instant left, Instant right) => left.Value < right.Value;

    /// <summary>True if the left one is later.</summary>
    public static bool operator >(Instant left, Instant right) => left.Value > right.Value;

    /// <summary>True if the left one is not later.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Value <= right.Value;

    /// <summary>True if the left one is not earlier.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Value >= right.Value;

    /// <summary>Adds a duration; the operator as a method.</summary>
    public Instant Add(Seconds seconds) => this + seconds;

    /// <summary>The time from another instant to this one; the operator as a method.</summary>
    public Seconds Subtract(Instant other) => this - other;

    /// <inheritdoc />
    public int CompareTo(Instant other) => Value.CompareTo(other.Value);

    /// <summary>The number.</summary>
    public override string ToString() => WireNumber.Text(Value);

    internal static bool TryParse(ReadOnlySpan<byte> text, out Instant instant)
    {
        bool isNumber = WireNumber.TryParse(text, out long value);
        instant = new Instant(value);
        return isNumber;
    }
}
