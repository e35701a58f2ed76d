using System;
using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Daemonproxy.Client;

// Converts any bytes to text and back: valid UTF-8 is decoded; any other byte becomes a lone surrogate, U+DC80 to
// U+DCFF. The client and the package for jobs are both compiled with this file. Its comments are no documentation: the
// OpenAPI of ASP.NET Core collects that of all assemblies, and fails where two have the same member.
internal static class TextBytes
{
    private const char FirstByte = '\uDC00';

    // Makes a new string from these bytes.
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
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

    // Appends the bytes of a text; returns false at a lone surrogate that does not encode a byte. The text before it
    // has been appended.
    public static bool TryAppend(ArrayBufferWriter<byte> bytes, ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            Ascii.FromUtf16(text, bytes.GetSpan(Math.Max(text.Length, 1)), out int written);
            bytes.Advance(written);
            return true;
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
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }
}
