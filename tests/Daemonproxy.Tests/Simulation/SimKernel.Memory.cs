using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Memory: the image and the rest, zero at first and given back at the end.</summary>
internal sealed unsafe partial class SimKernel
{
    // What a page holds after it was given back: not to be relied on, so not zero.
    private const byte Garbage = 0xA5;
    private const int GarbageBytes = 65536;
    private const int PageBytes = 4096;
    private readonly List<nint> _blocks = [];
    private bool[] _reserved = [];

    // Those of the image before, while it is brought into another layout.
    private bool[] _before = [];
    private byte* _image;
    private long _imageBytes;
    private FdNumber _imageFd = FdNumber.None;

    // Whether what is mapped is a copy, of which nothing is reserved or given back.
    private bool _isUpgradeCheck;

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
            _before = _reserved;
            fd = new FdNumber(NextFree(3));
            Own(fd.Value);
            if (!_imageFd.IsNone)
            {
                _descriptors[_imageFd.Value].IsOwn = false;
            }

            _image = (byte*)memory;
            _imageBytes = bytes;
            _reserved = new bool[bytes / PageBytes];
            _imageFd = fd;
        }

        return reason;
    }

    public override Errno MapImage(FdNumber fd, bool isCopy, out long bytes, out void* memory)
    {
        bool isImage = fd == _imageFd && !fd.IsNone;
        _isUpgradeCheck = isCopy;
        bytes = isImage ? _imageBytes : 0;
        memory = !isImage ? null : isCopy ? CopyImage() : _image;
        return isImage ? Errno.None : Errno.EBADF;
    }

    private byte* CopyImage()
    {
        byte* copy = (byte*)Allocate(_imageBytes);
        for (int page = 0; page < _reserved.Length; page++)
        {
            if (_reserved[page])
            {
                long offset = (long)page * PageBytes;
                new Span<byte>(_image + offset, PageBytes).CopyTo(new Span<byte>(copy + offset, PageBytes));
            }
        }

        return copy;
    }

    public override Errno ReserveImage(long offset, long bytes)
    {
        if (_isUpgradeCheck)
        {
            return Errno.None;
        }

        Require(offset, bytes);
        Span<bool> pages = Pages(offset, bytes);
        if (!pages.Contains(false))
        {
            // What is there is there: this cannot fail.
            return Errno.None;
        }

        Errno reason = Faults.Enter(SimCall.ReserveImage);
        if (reason == Errno.None && bytes > ImageBudget)
        {
            reason = Errno.ENOMEM;
        }

        if (reason == Errno.None)
        {
            ImageBudget -= ImageBudget != long.MaxValue ? bytes : 0;
            pages.Fill(true);
        }

        return reason;
    }

    public override long EndOfImageData(FdNumber fd, long offset, long bytes)
    {
        int first = (int)(offset / PageBytes);
        int end = (int)((offset + bytes + PageBytes - 1) / PageBytes);
        bool[] pages = fd == _imageFd ? _reserved : _before;
        while (end > first && !pages[end - 1])
        {
            end--;
        }

        return Math.Min((long)end * PageBytes, offset + bytes);
    }

    public override void ReleaseImage(long offset, long bytes)
    {
        if (_isUpgradeCheck)
        {
            return;
        }

        Require(offset, bytes);
        Pages(offset, bytes).Clear();
        new Span<byte>(_image + offset, (int)Math.Min(bytes, GarbageBytes)).Fill(Garbage);
    }

    /// <summary>The image as it is now, for tests that break it or put another one in its place.</summary>
    public Span<byte> ImageBytes(long offset, int bytes)
    {
        Require(offset, bytes);
        return new Span<byte>(_image + offset, bytes);
    }

    /// <summary>The numbers of the pages of the image that exist.</summary>
    public ReadOnlySpan<bool> ImagePages => _reserved;

    /// <summary>Puts another image in the place of this one: its size, and the pages that it has.</summary>
    public void ReplaceImage(long bytes, IEnumerable<(int Page, byte[] Bytes)> pages)
    {
        _image = (byte*)Allocate(bytes);
        _imageBytes = bytes;
        _reserved = new bool[bytes / PageBytes];
        if (_imageFd.IsNone)
        {
            _imageFd = new FdNumber(NextFree(3));
            Own(_imageFd.Value);
        }

        foreach ((int page, byte[] text) in pages)
        {
            _reserved[page] = true;
            text.CopyTo(new Span<byte>(_image + ((long)page * PageBytes), PageBytes));
        }
    }

    /// <summary>The first page that something was written to without being reserved; below 0: none.</summary>
    public long FindUnreserved()
    {
        for (int page = 0; page < _reserved.Length; page++)
        {
            ReadOnlySpan<byte> bytes = new(_image + ((long)page * PageBytes), PageBytes);
            if (!_reserved[page] && bytes.ContainsAnyExcept((byte)0, Garbage))
            {
                return page;
            }
        }

        return -1;
    }

    public override void Guard(void* memory, long bytes)
    {
    }

    public override void RestoreDumpable()
    {
    }

    public override void ReleaseMemory(void* memory, long bytes) => NativeMemory.Clear(memory, (nuint)bytes);

    public override void* Allocate(long bytes)
    {
        void* memory = NativeMemory.AllocZeroed((nuint)bytes);
        _blocks.Add((nint)memory);
        return memory;
    }

    private Span<bool> Pages(long offset, long bytes)
    {
        int first = (int)(offset / PageBytes);
        int end = (int)((offset + bytes + PageBytes - 1) / PageBytes);
        return _reserved.AsSpan(first, end - first);
    }

    private void Require(long offset, long bytes)
    {
        if (offset < 0 || bytes < 0 || offset + bytes > _imageBytes)
        {
            throw new SimulationException("the daemon reserves or gives back what is not in the image");
        }
    }
}
