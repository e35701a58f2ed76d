using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Daemonproxy.State;

/// <summary>A short text inside a record: up to 255 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FixedText
{
    /// <summary>The longest text, in bytes.</summary>
    public const int Longest = 255;

    private byte _length;
    private FixedTextBytes _bytes;

    public readonly bool IsEmpty => _length == 0;

    /// <summary>The text; it lives as long as the record.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Value => ((ReadOnlySpan<byte>)_bytes)[.._length];

    /// <summary>A text, cut to what fits.</summary>
    public static FixedText From(ReadOnlySpan<byte> text)
    {
        FixedText fixedText = default;
        fixedText._length = (byte)Math.Min(text.Length, Longest);
        text[..fixedText._length].CopyTo(fixedText._bytes);
        return fixedText;
    }

    [InlineArray(Longest)]
    private struct FixedTextBytes
    {
        private byte _first;
    }
}
