using System.Runtime.InteropServices;

namespace Daemonproxy.Image;

/// <summary>
/// Where a record's texts are in the arena: one 8-byte word, so that one store publishes a new place.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
internal readonly struct TextRef(uint offset, uint bytes)
{
    /// <summary>In bytes from the start of the arena's first half.</summary>
    [field: FieldOffset(0)]
    public uint Offset { get; } = offset;

    /// <summary>The size of the block; 0 when the record has no text yet.</summary>
    [field: FieldOffset(4)]
    public uint Bytes { get; } = bytes;

    public bool IsEmpty => Bytes == 0;
}
