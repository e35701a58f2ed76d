using System;
using Daemonproxy.Kernels;
using Daemonproxy.Time;

namespace Daemonproxy.Protocol;

/// <summary>
/// How a field reads as one of the base types of the spec; generated code decides what error a no becomes.
/// </summary>
internal static class ArgumentTypes
{
    /// <summary>Decimal, optional <c>-</c>, leading zeros allowed, no <c>+</c>, the whole field, 64 bits.</summary>
    public static bool TryInteger(ReadOnlySpan<byte> field, out long value)
    {
        bool negative = field.Length > 0 && field[0] == '-';
        ReadOnlySpan<byte> digits = negative ? field[1..] : field;
        ulong magnitude = 0;
        value = 0;
        foreach (byte b in digits)
        {
            uint digit = (uint)(b - '0');
            if (digit > 9 || magnitude > (ulong.MaxValue - digit) / 10)
            {
                return false;
            }

            magnitude = (magnitude * 10) + digit;
        }

        ulong most = negative ? 1UL << 63 : long.MaxValue;
        value = negative ? unchecked(-(long)magnitude) : (long)magnitude;
        return digits.Length > 0 && magnitude <= most;
    }

    /// <summary>
    /// A second on CLOCK_MONOTONIC, at most 2147483647; how far in the past it may be is the handler's.
    /// </summary>
    public static bool TryInstant(ReadOnlySpan<byte> field, out Instant instant)
    {
        bool good = TryInteger(field, out long seconds) && seconds is <= int.MaxValue and >= -int.MaxValue;
        instant = Instant.FromWholeSeconds(good ? seconds : 0);
        return good;
    }
}
