using System.Runtime.InteropServices;

namespace Daemonproxy.State;

/// <summary>
/// The reference of a record to its texts in the arena: one 8-byte word, so that one store publishes a new place.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
internal readonly struct TextRef(uint unit, uint bytes)
{
    /// <summary>Blocks begin at multiples of so many bytes; 64 GB can be reached.</summary>
    public const int UnitBytes = 16;

    /// <summary>In units from the start of the arena's first half.</summary>
    [field: FieldOffset(0)]
    public uint Unit { get; } = unit;

    /// <summary>The size of the block; 0 when the record has no text yet.</summary>
    [field: FieldOffset(4)]
    public uint Bytes { get; } = bytes;

    /// <summary>In bytes from the start of the arena's first half.</summary>
    public long Offset => (long)Unit * UnitBytes;

    public bool IsEmpty => Bytes == 0;

    /// <summary>A block at an offset in bytes, which is a multiple of the unit.</summary>
    public static TextRef At(long offset, uint bytes) => new((uint)(offset / UnitBytes), bytes);
}
