using System;

namespace Daemonproxy.Protocol;

/// <summary>
/// A name, such as that of a key or a service: some of <c>A-Z a-z 0-9 . _ -</c>, as bytes in the buffer of its owner.
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
        if (bytes.IsEmpty || bytes.Length > longest)
        {
            return false;
        }

        int isGood = 1;
        foreach (byte b in bytes)
        {
            isGood &= IsNameByte[b];
        }

        return isGood != 0;
    }

    /// <summary>Bytes that were checked before they were stored.</summary>
    public static Name Trusted(ReadOnlySpan<byte> bytes) => new(bytes);

    // 1 for each byte that a name may have: data in the binary, read without a branch. A row is 32 codes.
    private static ReadOnlySpan<byte> IsNameByte =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0,
        0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1,
        0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
}
