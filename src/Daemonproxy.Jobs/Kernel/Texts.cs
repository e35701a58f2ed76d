using System;
using System.Buffers;
using System.Collections.Generic;
using Daemonproxy.Client;

namespace Daemonproxy.Jobs.Kernel;

// Texts as the kernel has them: bytes with a NUL behind each. A byte that is no UTF-8 is the lone surrogate U+DC80 to
// U+DCFF in C#, as in the client. Daemonproxy.Fleet is compiled with this file, too: its comments are no documentation,
// as those of TextBytes.cs are not.
internal static class Texts
{
    // The bytes of these texts, a NUL behind each. A JobsException if a text has a NUL or half a surrogate pair in it.
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

    // The texts again.
    public static List<string> Split(ReadOnlySpan<byte> bytes)
    {
        List<string> texts = [];
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)0);
            texts.Add(TextBytes.Decode(bytes[..end]));
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

        if (!TextBytes.TryAppend(bytes, text))
        {
            throw new JobsException(JobsFault.BadRequest, $"{what} has half a surrogate pair in it.");
        }
    }
}
