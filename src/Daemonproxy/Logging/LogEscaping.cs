using System;
using System.Buffers;
using System.Text;
using Daemonproxy.Protocol;

namespace Daemonproxy.Logging;

/// <summary>
/// Texts of others in the log. A line of a controller may have any bytes, and the log may be read on a terminal, which
/// obeys control characters: they are shown as <c>\r</c> or <c>\x1b</c>. TAB, which separates fields, and printable
/// characters in UTF-8 stay as they are.
/// </summary>
internal static class LogEscaping
{
    private const byte Delete = 0x7F;

    /// <summary>True if a text has a byte that may have to be escaped. Most have none.</summary>
    public static bool NeedsLook(ReadOnlySpan<byte> text) =>
        text.ContainsAnyInRange((byte)0, (byte)8) || text.ContainsAnyInRange((byte)10, (byte)31)
        || text.ContainsAnyInRange(Delete, (byte)0xFF);

    /// <summary>Appends a text with its control characters escaped, until the line has so many bytes or more.</summary>
    public static void Escape(ReadOnlySpan<byte> text, scoped ref LineWriter into, int most)
    {
        while (!text.IsEmpty && into.Length < most)
        {
            bool isCharacter = Rune.DecodeFromUtf8(text, out Rune rune, out int bytes) == OperationStatus.Done;
            ReadOnlySpan<byte> piece = text[..bytes];
            text = text[bytes..];

            // C1 control characters as such, and as bytes of an 8-bit terminal.
            bool isControl = isCharacter
                ? rune.Value != '\t' && Rune.IsControl(rune)
                : piece.ContainsAnyInRange((byte)0x80, (byte)0x9F);
            if (!isControl)
            {
                into.Text(piece);
                continue;
            }

            foreach (byte value in piece)
            {
                EscapeByte(value, ref into);
            }
        }
    }

    private static void EscapeByte(byte value, scoped ref LineWriter into)
    {
        if (value == (byte)'\r')
        {
            into.Text("\\r"u8);
            return;
        }

        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        into.Text("\\x"u8);
        into.Byte(digits[value >> 4]);
        into.Byte(digits[value & 15]);
    }
}
