using System;
using System.Buffers;

namespace Daemonproxy.Client;

/// <summary>
/// Text on the wire is bytes; in C# it is UTF-16. Valid UTF-8 is decoded; any other byte becomes a lone surrogate,
/// U+DC80 to U+DCFF, and is encoded as the same byte. So every path and argument is preserved.
/// </summary>
internal static class WireText
{
    private static readonly TextCache _texts = new();
    private static readonly SearchValues<char> _separators = SearchValues.Create("\t\n\0");

    /// <summary>
    /// Returns the text of these bytes; the same string again if it is short and was received lately.
    /// </summary>
    public static string From(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > TextCache.Longest)
        {
            return TextBytes.Decode(bytes);
        }

        if (bytes.IsEmpty)
        {
            return "";
        }

        if (_texts.TryFind(bytes) is { } known)
        {
            return known;
        }

        string text = TextBytes.Decode(bytes);
        _texts.Keep(bytes, text);
        return text;
    }

    /// <summary>The text behind a word: <c>owner=daemon</c>.</summary>
    public static bool TryParseValue(ReadOnlySpan<byte> word, ReadOnlySpan<byte> before, out string value)
    {
        bool isFound = word.StartsWith(before);
        value = isFound ? From(word[before.Length..]) : "";
        return isFound;
    }

    /// <summary>A text behind a word, if the word can have it.</summary>
    /// <exception cref="ArgumentException">It has a comma, which ends a word.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It has too few bytes, or too many.</exception>
    public static string OfWord(string value, long least, long most, string parameter)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Append(bytes, value, parameter);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.WrittenCount, least, parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.WrittenCount, most, parameter);
        return value.Contains(',', StringComparison.Ordinal)
            ? throw new ArgumentException("A word cannot have a comma in it.", parameter)
            : value;
    }

    /// <summary>Appends the bytes of a text.</summary>
    /// <exception cref="ArgumentException">The text has a lone surrogate that does not encode a byte.</exception>
    public static void Append(ArrayBufferWriter<byte> bytes, ReadOnlySpan<char> text, string parameter)
    {
        if (!TextBytes.TryAppend(bytes, text))
        {
            throw new ArgumentException("The text has half a surrogate pair in it.", parameter);
        }
    }

    /// <summary>Refuses a text that would not be one field.</summary>
    /// <exception cref="ArgumentException">It has a TAB, a line feed or a NUL.</exception>
    public static void CheckField(string text, string parameter)
    {
        int at = text.AsSpan().IndexOfAny(_separators);
        if (at >= 0)
        {
            string what = text[at] switch { '\t' => "a TAB", '\n' => "a line feed", _ => "a NUL" };
            throw new ArgumentException($"A field cannot have {what} in it.", parameter);
        }
    }
}
