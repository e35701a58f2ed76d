using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Daemonproxy.Kernels;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Memory: the image and the rest, zero at first and given back at the end.</summary>
internal sealed unsafe partial class SimKernel
{
    // What a page holds after it was given back: not to be relied on, so not zero.
    private const byte Garbage = 0xA5;
    private const int GarbageBytes = 65536;
    private readonly List<nint> _blocks = [];
    private byte* _image;
    private long _imageBytes;
    private FdNumber _imageFd = FdNumber.None;

    /// <summary>Bytes of the image that may be reserved before memory runs out.</summary>
    public long ImageBudget { get; set; } = long.MaxValue;

    public void Dispose()
    {
        foreach (nint block in _blocks)
        {
            NativeMemory.Free((void*)block);
        }

        _blocks.Clear();
    }

    public override Errno CreateImage(long bytes, out FdNumber fd, out void* memory)
    {
        Errno reason = Faults.Enter(SimCall.CreateImage);
        fd = FdNumber.None;
        memory = null;
        if (reason == Errno.None)
        {
            memory = Allocate(bytes);
            fd = new FdNumber(NextFree(3));
            Own(fd.Value);
            _image = (byte*)memory;
            _imageBytes = bytes;
            _imageFd = fd;
        }

        return reason;
    }

    public override Errno MapImage(FdNumber fd, out long bytes, out void* memory)
    {
        bool isImage = fd == _imageFd && !fd.IsNone;
        bytes = isImage ? _imageBytes : 0;
        memory = isImage ? _image : null;
        return isImage ? Errno.None : Errno.EBADF;
    }

    public override Errno ReserveImage(long offset, long bytes)
    {
        Errno reason = Faults.Enter(SimCall.ReserveImage);
        if (offset < 0 || bytes < 0 || offset + bytes > _imageBytes)
        {
            throw new SimulationException("the daemon reserves what is not in the image");
        }

        if (reason == Errno.None && bytes > ImageBudget)
        {
            return Errno.ENOMEM;
        }

        ImageBudget -= reason == Errno.None && ImageBudget != long.MaxValue ? bytes : 0;
        return reason;
    }

    public override void ReleaseImage(long offset, long bytes)
    {
        if (offset < 0 || bytes < 0 || offset + bytes > _imageBytes)
        {
            throw new SimulationException("the daemon gives back what is not in the image");
        }

        new Span<byte>(_image + offset, (int)Math.Min(bytes, GarbageBytes)).Fill(Garbage);
    }

    public override void* Allocate(long bytes)
    {
        void* memory = NativeMemory.AllocZeroed((nuint)bytes);
        _blocks.Add((nint)memory);
        return memory;
    }
}
