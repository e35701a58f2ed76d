using System;

namespace Daemonproxy.Protocol;

/// <summary>
/// Parses fields as the base types of the spec; generated code chooses the error of a field that does not parse.
/// </summary>
internal static class ArgumentTypes
{
    // 18 digits always fit 64 bits with a sign, and 19 without one: no digit needs a check for overflow.
    private const int SafeDigits = 18;
    private const int MostDigits = 19;

    /// <summary>Decimal, optional <c>-</c>, leading zeros allowed, no <c>+</c>, the whole field, 64 bits.</summary>
    public static bool TryInteger(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        int first = !field.IsEmpty && field[0] == '-' ? 1 : 0;
        if ((uint)(field.Length - first - 1) >= SafeDigits)
        {
            return TryLongInteger(field[first..], first != 0, out value);
        }

        long sum = 0;
        for (int at = first; at < field.Length; at++)
        {
            uint digit = (uint)(field[at] - '0');
            if (digit > 9)
            {
                return false;
            }

            sum = (sum * 10) + digit;
        }

        value = first != 0 ? -sum : sum;
        return true;
    }

    /// <summary>Octal: up to 20 of the digits 0 to 7, the whole field.</summary>
    public static bool TryOctal(ReadOnlySpan<byte> field, out long value)
    {
        const int mostOctalDigits = 20;
        value = 0;
        if (field.IsEmpty || field.Length > mostOctalDigits)
        {
            return false;
        }

        foreach (byte b in field)
        {
            uint digit = (uint)(b - '0');
            if (digit > 7)
            {
                return false;
            }

            value = (value * 8) + digit;
        }

        return true;
    }

    // No digit at all, or more than 18 of them, of which the first may be zeros.
    private static bool TryLongInteger(ReadOnlySpan<byte> digits, bool isNegative, out long value)
    {
        value = 0;
        ReadOnlySpan<byte> significant = digits.TrimStart((byte)'0');
        ulong magnitude = 0;
        if (digits.IsEmpty || significant.Length > MostDigits)
        {
            return false;
        }

        foreach (byte b in significant)
        {
            uint digit = (uint)(b - '0');
            if (digit > 9)
            {
                return false;
            }

            magnitude = (magnitude * 10) + digit;
        }

        bool isGood = magnitude <= (isNegative ? 1UL << 63 : long.MaxValue);
        value = !isGood ? 0 : isNegative ? unchecked(-(long)magnitude) : (long)magnitude;
        return isGood;
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

    /// <summary>
    /// The size of a pool: <c>N</c> or <c>NxM</c>, decimal and without sign; M may have a suffix, <c>k K m M g G</c>
    /// and <c>KiB MiB</c> of 1024, <c>KB MB</c> of 1000. What does not fit 64 bits is none.
    /// </summary>
    public static bool TryPool(ReadOnlySpan<byte> field, out Pool pool)
    {
        int x = field.IndexOf((byte)'x');
        ReadOnlySpan<byte> size = x < 0 ? default : field[(x + 1)..];
        int digits = size.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        long unit = UnitOf(digits < 0 ? default : size[digits..]);
        long bytes = 0;
        pool = default;
        bool isGood = TryCount(x < 0 ? field : field[..x], out long records)
            && (x < 0 || (unit > 0 && TryCount(digits < 0 ? size : size[..digits], out bytes)))
            && bytes <= long.MaxValue / Math.Max(unit, 1);
        if (isGood)
        {
            pool = new Pool(records, x < 0 ? null : bytes * unit);
        }

        return isGood;
    }

    private static bool TryCount(ReadOnlySpan<byte> digits, out long count) =>
        TryInteger(digits, out count) && digits[0] != (byte)'-';

    // The bytes that a suffix stands for; 0 when there is no such suffix.
    private static long UnitOf(ReadOnlySpan<byte> suffix)
    {
        const long Decimal = 1000;
        const long Binary = 1024;
        return suffix switch
        {
            [] => 1,
            [(byte)'k' or (byte)'K'] or [(byte)'K', (byte)'i', (byte)'B'] => Binary,
            [(byte)'m' or (byte)'M'] or [(byte)'M', (byte)'i', (byte)'B'] => Binary * Binary,
            [(byte)'g' or (byte)'G'] => Binary * Binary * Binary,
            [(byte)'K', (byte)'B'] => Decimal,
            [(byte)'M', (byte)'B'] => Decimal * Decimal,
            _ => 0,
        };
    }
}
