using System;
using System.Runtime.CompilerServices;

namespace Daemonproxy.Protocol;

/// <summary>
/// The name of a service or descriptor: 1 to 31 of <c>A-Z a-z 0-9 . _ -</c>, as bytes of somebody's buffer.
/// </summary>
internal readonly ref struct Name
{
    private Name(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Parses a name of 1 to <paramref name="longest"/> bytes; false if the bytes are not a valid
    /// name.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, int longest, out Name name)
    {
        name = new Name(bytes);
        if (bytes.Length == 0 || bytes.Length > longest)
        {
            return false;
        }

        foreach (byte b in bytes)
        {
            if (!IsNameByte(b))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Bytes that were checked before they were stored.</summary>
    public static Name Trusted(ReadOnlySpan<byte> bytes) => new(bytes);

    // Two words of 64 bits, one bit for each of the ASCII codes: data in the binary, no branches per range.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNameByte(byte b) =>
        b < 128 && (((b < 64 ? 0x03FF_6000_0000_0000UL : 0x07FF_FFFE_87FF_FFFEUL) >> (b & 63)) & 1) != 0;
}
