using System;
using System.Buffers.Text;
using System.Globalization;

namespace Daemonproxy.Client;

/// <summary>Numbers on the wire: decimal, 64 bits.</summary>
internal static class WireNumber
{
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number, if it is within its bounds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static string Text(long value, long least, long most, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, parameter);
        return Text(value);
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length && text[0] != '+';

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
}
