using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// Buffers of equal size in the image. Bytes are written freely: they count only once a record says how many there are,
/// and that record changes through its writer.
/// </summary>
internal sealed unsafe class BufferRegion
{
    private readonly StateImage _image;
    private readonly RegionEntry _entry;
    private readonly byte* _bytes;

    public BufferRegion(StateImage image, RegionId id)
    {
        _image = image;
        _entry = image.Entry(id);
        _bytes = image.At(_entry.Offset);
    }

    /// <summary>The number of buffers.</summary>
    public int Count => _entry.Count;

    /// <summary>The size of each, in bytes.</summary>
    public int BufferBytes => _entry.ElementBytes;

    public Span<byte> this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Assertion.Require((uint)index < (uint)_entry.Count);
            return new Span<byte>(_bytes + ((long)index * _entry.ElementBytes), _entry.ElementBytes);
        }
    }

    /// <summary>True if the pages of this buffer are there; false when there is no memory.</summary>
    public bool TryReserve(int index) => TryReserve(index, 0, BufferBytes);

    /// <summary>True if the pages of a part of this buffer are there.</summary>
    public bool TryReserve(int index, int offset, int bytes) =>
        _image.Reserve(_entry.Offset + ((long)index * _entry.ElementBytes) + offset, bytes) == Errno.None;

    /// <summary>Gives the pages of a buffer back.</summary>
    public void Release(int index) =>
        _image.Release(_entry.Offset + ((long)index * _entry.ElementBytes), _entry.ElementBytes);
}
