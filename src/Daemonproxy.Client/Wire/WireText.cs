using System;
using System.Buffers;

namespace Daemonproxy.Client;

/// <summary>
/// Text on the wire is bytes; in C# it is UTF-16. What is valid UTF-8 is that; a byte that is not becomes a lone
/// surrogate, U+DC80 to U+DCFF, and goes back as the same byte. So every path and argument survives the way through.
/// </summary>
internal static class WireText
{
    private static readonly TextCache _texts = new();
    private static readonly SearchValues<char> _separators = SearchValues.Create("\t\n\0");

    /// <summary>The text of these bytes; the same string again where it is short and was received lately.</summary>
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

    /// <summary>The bytes of a text, behind those that are there.</summary>
    /// <exception cref="ArgumentException">A surrogate stands alone and is not one that stands for a byte.</exception>
    public static void Append(ArrayBufferWriter<byte> bytes, ReadOnlySpan<char> text, string parameter)
    {
        if (!TextBytes.TryAppend(bytes, text))
        {
            throw new ArgumentException("There is half a surrogate pair in it.", parameter);
        }
    }

    /// <summary>Refuses what would be more than one field.</summary>
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
