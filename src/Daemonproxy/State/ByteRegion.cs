using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// Bytes of the image without a form of their own, more of them than a span can reach. They are written freely: they
/// count only once a record says where they are, and that record changes through its writer.
/// </summary>
internal sealed unsafe class ByteRegion
{
    private readonly StateImage _image;
    private readonly long _start;
    private readonly byte* _bytes;

    public ByteRegion(StateImage image, RegionId id)
    {
        RegionEntry entry = image.Entry(id);
        _image = image;
        _start = entry.Offset;
        _bytes = image.At(entry.Offset);
        TotalBytes = (long)entry.ElementBytes * entry.Count;
    }

    public long TotalBytes { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Slice(long offset, int bytes)
    {
        // Of numbers below 0 the unsigned counterpart is beyond any size.
        Assertion.Require((ulong)offset <= (ulong)TotalBytes && (ulong)bytes <= (ulong)(TotalBytes - offset));
        return new Span<byte>(_bytes + offset, bytes);
    }

    /// <summary>The first of so many bytes, which are all in the region.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* At(long offset, int bytes)
    {
        Assertion.Require((ulong)offset <= (ulong)TotalBytes && (ulong)bytes <= (ulong)(TotalBytes - offset));
        return _bytes + offset;
    }

    /// <summary>See <see cref="StateImage.Pass"/>.</summary>
    public void Pass(CrashPoint point) => _image.Pass(point);

    /// <summary>True if the pages of these bytes are there; false when there is no memory.</summary>
    public bool TryReserve(long offset, long bytes) => _image.Reserve(_start + offset, bytes) == Errno.None;

    /// <summary>Gives pages back; their content is undefined afterwards.</summary>
    public void Release(long offset, long bytes) => _image.Release(_start + offset, bytes);
}
