using System;
using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Daemonproxy.Client;

// Bytes as text and back, for any bytes: what is valid UTF-8 is that; a byte that is not is the lone surrogate U+DC80
// to U+DCFF. The client and the package for jobs are both compiled with this file. Its comments are no documentation:
// the OpenAPI of ASP.NET Core collects that of all assemblies, and fails where two have the same member.
internal static class TextBytes
{
    private const char FirstByte = '\uDC00';

    // A new string of these bytes.
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

    // Writes the bytes of a text behind those that are there; false if a surrogate stands alone and does not stand for
    // a byte. What is in front of it has been written.
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
