using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
        return text is not null && IsSame(bytes, text) ? text : null;
    }

    /// <summary>
    /// Adds a text that has a character for each byte: ASCII, or bytes that are no UTF-8. Another one is not kept.
    /// </summary>
    public void Keep(ReadOnlySpan<byte> bytes, string text)
    {
        if (text.Length == bytes.Length)
        {
            _texts[SlotOf(bytes)] = text;
        }
    }

    // No character of a kept text is U+0080 to U+00FF, which other bytes than those of ASCII become here.
    private static bool IsSame(ReadOnlySpan<byte> bytes, ReadOnlySpan<char> text)
    {
        if (bytes.Length != text.Length)
        {
            return false;
        }

        int count = Vector128<ushort>.Count;
        if (bytes.Length < count)
        {
            for (int index = 0; index < bytes.Length; index++)
            {
                if (bytes[index] != text[index])
                {
                    return false;
                }
            }

            return true;
        }

        // The last piece overlaps the one before it.
        ReadOnlySpan<ushort> characters = MemoryMarshal.Cast<char, ushort>(text);
        int last = bytes.Length - count;
        for (int at = 0; at < last; at += count)
        {
            if (!IsSame(bytes, characters, at))
            {
                return false;
            }
        }

        return IsSame(bytes, characters, last);
    }

    private static bool IsSame(ReadOnlySpan<byte> bytes, ReadOnlySpan<ushort> characters, int at) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..])).AsByte()) == Vector128.Create(characters[at..]);

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
