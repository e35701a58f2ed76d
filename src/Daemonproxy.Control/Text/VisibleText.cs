using System;
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Daemonproxy.Control.Text;

/// <summary>
/// Makes foreign text safe to show: no control byte reaches the terminal. In the texts of the client a byte
/// that is not valid UTF-8 is a lone surrogate, U+DC80 to U+DCFF.
/// </summary>
internal static class VisibleText
{
    private const char FirstByte = '\uDC00';

    /// <summary>The text with <c>\x1b</c> for each byte of a control character, and of what is not UTF-8.</summary>
    public static string Of(string text)
    {
        if (!NeedsEscape(text))
        {
            return text;
        }

        var visible = new StringBuilder(text.Length + 8);
        int index = 0;
        while (index < text.Length)
        {
            if (!Rune.TryGetRuneAt(text, index, out Rune rune))
            {
                Append(visible, (byte)(text[index++] - FirstByte));
                continue;
            }

            index += rune.Utf16SequenceLength;
            if (IsHidden(rune))
            {
                AppendBytes(visible, rune);
            }
            else
            {
                visible.Append(rune.ToString());
            }
        }

        return visible.ToString();
    }

    /// <summary>The same of the bytes of a line, whose TABs stay.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var visible = new StringBuilder(bytes.Length + 8);
        while (!bytes.IsEmpty)
        {
            bool isRune = Rune.DecodeFromUtf8(bytes, out Rune rune, out int count) == OperationStatus.Done;
            if (isRune && (rune.Value == '\t' || !IsHidden(rune)))
            {
                visible.Append(rune.ToString());
            }
            else
            {
                foreach (byte one in bytes[..count])
                {
                    Append(visible, one);
                }
            }

            bytes = bytes[count..];
        }

        return visible.ToString();
    }

    /// <summary>Returns true for a character that is invisible, or changes the look of others.</summary>
    public static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool NeedsEscape(string text)
    {
        foreach (char character in text)
        {
            if (character is < ' ' or > '~')
            {
                return true;
            }
        }

        return false;
    }

    private static void AppendBytes(StringBuilder visible, Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        int count = rune.EncodeToUtf8(bytes);
        foreach (byte one in bytes[..count])
        {
            Append(visible, one);
        }
    }

    private static void Append(StringBuilder visible, byte one) =>
        visible.Append(CultureInfo.InvariantCulture, $"\\x{one:x2}");
}
