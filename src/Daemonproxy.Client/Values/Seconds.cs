using System;

namespace Daemonproxy.Client;

/// <summary>A duration in whole seconds.</summary>
/// <param name="Value">The number of seconds.</param>
public readonly record struct Seconds(long Value) : IComparable<Seconds>
{
    /// <summary>Makes a duration from a number of seconds.</summary>
    public static implicit operator Seconds(long value) => new(value);

    /// <summary>True if the left one is shorter.</summary>
    public static bool operator <(Seconds left, Seconds right) => left.Value < right.Value;

    /// <summary>True if the left one is longer.</summary>
    public static bool operator >(Seconds left, Seconds right) => left.Value > right.Value;

    /// <summary>True if the left one is not longer.</summary>
    public static bool operator <=(Seconds left, Seconds right) => left.Value <= right.Value;

    /// <summary>True if the left one is not shorter.</summary>
    public static bool operator >=(Seconds left, Seconds right) => left.Value >= right.Value;

    /// <summary>The same duration as a <see cref="TimeSpan"/>.</summary>
    public TimeSpan ToTimeSpan() => TimeSpan.FromSeconds(Value);

    /// <inheritdoc />
    public int CompareTo(Seconds other) => Value.CompareTo(other.Value);

    /// <summary>The number.</summary>
    public override string ToString() => WireNumber.Text(Value);

    internal static bool TryParse(ReadOnlySpan<byte> text, out Seconds seconds)
    {
        bool isNumber = WireNumber.TryParse(text, out long value);
        seconds = new Seconds(value);
        return isNumber;
    }
}
