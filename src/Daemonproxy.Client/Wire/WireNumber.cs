using System;
using System.Buffers.Text;
using System.Globalization;

namespace Daemonproxy.Client;

/// <summary>Numbers on the wire: decimal, 64 bits.</summary>
internal static class WireNumber
{
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns the number, if it is within its bounds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its bounds.</exception>
    public static string Text(long value, long least, long most, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, parameter);
        return Text(value);
    }

    /// <summary>The same in octal, padded with zeros to this many digits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of bounds.</exception>
    public static string OctalText(long value, long least, long most, int digits, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, parameter);
        return Convert.ToString(value, 8).PadLeft(digits, '0');
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        // Most numbers are short, and an event has several.
        const int mostDigits = 18;
        value = 0;
        if (text.Length is 0 or > mostDigits || !char.IsAsciiDigit((char)text[0]))
        {
            return TryParseAny(text, out value);
        }

        foreach (byte one in text)
        {
            int digit = one - '0';
            if ((uint)digit > 9)
            {
                value = 0;
                return false;
            }

            value = (value * 10) + digit;
        }

        return true;
    }

    public static bool TryParseInt(ReadOnlySpan<byte> text, out int value)
    {
        bool isNumber = TryParse(text, out long number) && number is >= int.MinValue and <= int.MaxValue;
        value = isNumber ? (int)number : 0;
        return isNumber;
    }

    /// <summary>The number behind a word: <c>listen=5</c>.</summary>
    public static bool TryParseValue(ReadOnlySpan<byte> word, ReadOnlySpan<byte> before, out long value)
    {
        value = 0;
        return word.StartsWith(before) && TryParse(word[before.Length..], out value);
    }

    /// <summary>The octal number behind a word: <c>mode=0640</c>.</summary>
    public static bool TryParseOctal(ReadOnlySpan<byte> word, ReadOnlySpan<byte> before, out long value)
    {
        const int mostDigits = 20;
        value = 0;
        ReadOnlySpan<byte> digits = word.StartsWith(before) ? word[before.Length..] : default;
        bool isNumber = digits.Length is > 0 and <= mostDigits
            && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'7');
        foreach (byte digit in isNumber ? digits : default)
        {
            value = (value * 8) + (digit - '0');
        }

        return isNumber;
    }

    private static bool TryParseAny(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length && text[0] != '+';
}
