using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Daemonproxy.Protocol;

/// <summary>A name inside a record: up to 31 bytes, the rest zero, so that names compare as 31 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FixedName
{
    /// <summary>The longest name, in bytes.</summary>
    public const int Longest = 31;

    /// <summary>The size of a name in a record, in bytes.</summary>
    public const int Bytes = 32;

    private NameBytes _bytes;

    /// <summary>True if the record has no name.</summary>
    public readonly bool IsEmpty => _bytes[Longest] == 0;

    /// <summary>The name; it lives as long as the record.</summary>
    [UnscopedRef]
    public readonly Name Value =>
        Name.Trusted(MemoryMarshal.CreateReadOnlySpan(in _bytes[0], Math.Min((int)_bytes[Longest], Longest)));

    /// <summary>True if the length is valid and the rest is zero.</summary>
    public readonly bool IsSound
    {
        get
        {
            ReadOnlySpan<byte> bytes = _bytes;
            return bytes[Longest] <= Longest && !bytes[bytes[Longest]..Longest].ContainsAnyExcept((byte)0);
        }
    }

    /// <summary>True if it is the same name.</summary>
    public readonly bool IsSame(in FixedName other) =>
        ((ReadOnlySpan<byte>)_bytes).SequenceEqual((ReadOnlySpan<byte>)other._bytes);

    public static FixedName From(Name name)
    {
        FixedName fixedName = default;
        name.Bytes.CopyTo(fixedName._bytes);
        fixedName._bytes[Longest] = (byte)name.Bytes.Length;
        return fixedName;
    }

    // The last byte is the length.
    [InlineArray(Bytes)]
    private struct NameBytes
    {
        private byte _first;
    }
}
