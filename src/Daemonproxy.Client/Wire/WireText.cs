using System;
using System.Buffers;
using System.Text;

namespace Daemonproxy.Client;

/// <summary>
/// Text on the wire is bytes; in C# it is UTF-16. What is valid UTF-8 is that; a byte that is not becomes a lone
/// surrogate, U+DC80 to U+DCFF, and goes back as the same byte. So every path and argument survives the way through.
/// </summary>
internal static class WireText
{
    private const char FirstByte = '\uDC00';
    private static readonly TextCache _texts = new();
    private static readonly SearchValues<char> _separators = SearchValues.Create("\t\n\0");

    /// <summary>The text of these bytes; the same string again where it is short and was received lately.</summary>
    public static string From(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > TextCache.Longest)
        {
            return Decode(bytes);
        }

        if (bytes.IsEmpty)
        {
            return "";
        }

        if (_texts.TryFind(bytes) is { } known)
        {
            return known;
        }

        string text = Decode(bytes);
        _texts.Keep(bytes, text);
        return text;
    }

    /// <summary>A new string of these bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (byte odd in bytes[..consumed])
                {
                    text.Append((char)(FirstByte + odd));
                }
            }

            bytes = bytes[consumed..];
        }

        return text.ToString();
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
        if (Ascii.IsValid(text))
        {
            Ascii.FromUtf16(text, bytes.GetSpan(Math.Max(text.Length, 1)), out int written);
            bytes.Advance(written);
            return;
        }

        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int consumed) == OperationStatus.Done)
            {
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            }
            else if (text[0] is >= (char)(FirstByte + 0x80) and <= (char)(FirstByte + 0xFF))
            {
                bytes.Write([(byte)(text[0] - FirstByte)]);
            }
            else
            {
                throw new ArgumentException("There is half a surrogate pair in it.", parameter);
            }

            text = text[consumed..];
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
