using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Daemonproxy.Client;

/// <summary>
/// Short texts that were received lately, so that the name in the next event is the same string. Any thread may use it:
/// a text that two threads write at once is only made twice.
/// </summary>
internal sealed class TextCache
{
    /// <summary>The most bytes of a text that is kept.</summary>
    public const int Longest = 32;

    private const int SlotBits = 11;

    // At most 180 KB.
    private readonly string?[] _texts = new string?[1 << SlotBits];

    /// <summary>The text of at most <see cref="Longest"/> bytes and at least one, if it is here.</summary>
    public string? TryFind(ReadOnlySpan<byte> bytes)
    {
        string? text = _texts[SlotOf(bytes)];
        return text is not null && Ascii.Equals(bytes, text) ? text : null;
    }

    /// <summary>Keeps a text of ASCII; any other one would not be found.</summary>
    public void Keep(ReadOnlySpan<byte> bytes, string text) => _texts[SlotOf(bytes)] = text;

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
