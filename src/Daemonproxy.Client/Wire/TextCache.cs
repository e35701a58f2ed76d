using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Daemonproxy.Client;

/// <summary>
/// Short texts that were received lately, so that the name in the next event is the same string. Any thread may use it:
/// a text that two threads write at once is only made twice.
/// </summary>
internal static class TextCache
{
    /// <summary>The most bytes of a text that is kept.</summary>
    public const int Longest = 32;

    private const int SlotBits = 11;

    // At most 180 KB.
    private static readonly string?[] _texts = new string?[1 << SlotBits];

    /// <summary>The text of at most <see cref="Longest"/> bytes.</summary>
    public static string Find(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return "";
        }

        ref string? slot = ref _texts[SlotOf(bytes)];
        string? text = slot;
        if (text is not null && Ascii.Equals(bytes, text))
        {
            return text;
        }

        text = WireText.Decode(bytes);
        if (text.Length == bytes.Length)
        {
            slot = text;
        }

        return text;
    }

    private static int SlotOf(ReadOnlySpan<byte> bytes)
    {
        ulong first = 0;
        ulong last;
        if (bytes.Length >= sizeof(ulong))
        {
            first = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            last = BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]);
        }
        else
        {
            foreach (byte one in bytes)
            {
                first = (first << 8) | one;
            }

            last = (ulong)bytes.Length;
        }

        ulong hash = ((first * 0x9E3779B97F4A7C15) ^ BitOperations.RotateLeft(last, 29)) * 0xC2B2AE3D27D4EB4F;
        return (int)(hash >> (64 - SlotBits));
    }
}
