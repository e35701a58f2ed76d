using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;

namespace Daemonproxy.Jobs.Kernel;

/// <summary>
/// Texts as the kernel has them: bytes with a NUL behind each. A byte that is no UTF-8 is the lone surrogate U+DC80 to
/// U+DCFF in C#, as in the client.
/// </summary>
internal static class Texts
{
    private const char FirstByte = '\uDC00';

    /// <summary>The bytes of these texts, a NUL behind each.</summary>
    /// <exception cref="JobsException">A text has a NUL or half a surrogate pair in it.</exception>
    public static byte[] Join(IEnumerable<string> texts, string what)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (string text in texts)
        {
            Append(bytes, text, what);
            bytes.Write([(byte)0]);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The texts again.</summary>
    public static List<string> Split(ReadOnlySpan<byte> bytes)
    {
        List<string> texts = [];
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)0);
            texts.Add(Decode(bytes[..end]));
            bytes = bytes[(end + 1)..];
        }

        return texts;
    }

    private static void Append(ArrayBufferWriter<byte> bytes, ReadOnlySpan<char> text, string what)
    {
        if (text.Contains('\0'))
        {
            throw new JobsException(JobsFault.BadRequest, $"{what} cannot have a NUL in it.");
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
                throw new JobsException(JobsFault.BadRequest, $"{what} has half a surrogate pair in it.");
            }

            text = text[consumed..];
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
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
}
