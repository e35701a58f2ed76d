using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Daemonproxy.Client;

/// <summary>
/// A cache of short texts that were received lately, so that the name in the next event is the same string.
/// Thread-safe: if two threads add a text at once, it is only made twice.
/// </summary>
internal sealed class TextCache
{
    /// <summary>The most bytes of a cached text.</summary>
    public const int Longest = 32;

    private const int SlotBits = 11;

    // At most 180 KB.
    private readonly string?[] _texts = new string?[1 << SlotBits];

    /// <summary>Returns the text of one to <see cref="Longest"/> bytes, if it is cached.</summary>
    public string? TryFind(ReadOnlySpan<byte> bytes)
    {
        string? text = _texts[SlotOf(bytes)];
        return text is not null && Ascii.Equals(bytes, text) ? text : null;
    }

    /// <summary>Adds a text, if it is ASCII; another one would not be found.</summary>
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
