using System;
using System.Runtime.CompilerServices;

namespace Daemonproxy.State;

/// <summary>
/// One record of a region, for an object that owns it for its whole life: the bounds are checked once, when the slot is
/// made, and not at each access.
/// </summary>
internal readonly unsafe struct RecordRef<T>
    where T : unmanaged
{
    private readonly T* _record;
    private readonly long* _changing;
    private readonly RegionId _region;
    private readonly int _index;

    public RecordRef(T* record, long* changing, RegionId region, int index)
    {
        _record = record;
        _changing = changing;
        _region = region;
        _index = index;
    }

    public ref readonly T Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref *_record;
    }

    /// <summary>See <see cref="Region{T}.Change"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RecordWriter<T> Change() => new(ref *_record, ref *_changing, _region, _index);
}

/// <summary>One buffer of a region of buffers, for an object that owns it for its whole life.</summary>
internal readonly unsafe struct BufferRef
{
    private readonly byte* _bytes;
    private readonly int _length;

    public BufferRef(Span<byte> bytes)
    {
        // Bytes of the image, which does not move.
        _bytes = (byte*)Unsafe.AsPointer(ref bytes[0]);
        _length = bytes.Length;
    }

    /// <summary>The size of the buffer, in bytes.</summary>
    public int Length => _length;

    public Span<byte> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_bytes, _length);
    }
}
