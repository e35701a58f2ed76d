using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>The image and other memory: memfd_create(2), fallocate(2), mmap(2), mlockall(2).</summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    private const uint MFD_NOEXEC_SEAL = 8;

    // A line of the cache, and the largest page of the machines that we build for.
    private const long PieceBytes = 64;
    private const long PiecesBytes = 64 * 1024;
    private byte* _pieces;
    private long _piecesLeft;

    // The pages that were reserved last, a range of the image.
    private long _reservedFrom;
    private long _reservedTo;

    public override Errno CreateImage(long bytes, out FdNumber fd, out void* memory)
    {
        fd = FdNumber.None;
        memory = null;
        byte* name = MappedMemory.Constant("daemonproxy"u8);
        int file = memfd_create(name, MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
        if (file < 0 && SignalSafeCalls.LastError == Errno.EINVAL)
        {
            file = memfd_create(name, MFD_ALLOW_SEALING);
        }

        if (file < 0)
        {
            Errno refused = SignalSafeCalls.LastError;
            return refused is Errno.ENOSYS or Errno.EPERM ? ReservePrivate(bytes, out memory) : refused;
        }

        FdNumber image = AboveStandard(file);
        if (image.IsNone)
        {
            return SignalSafeCalls.LastError;
        }

        _ = SignalSafeCalls.fcntl(image.Value, F_SETFD, 0);
        Errno reason = FillImage(image, bytes, out memory);
        if (reason != Errno.None)
        {
            Close(image);

            // RLIMIT_FSIZE counts for it, too: rather no resume than no daemon.
            return reason == Errno.EFBIG ? ReservePrivate(bytes, out memory) : reason;
        }

        fd = _image = image;
        return Errno.None;
    }

    public override Errno MapImage(FdNumber fd, bool isCopy, out long bytes, out void* memory)
    {
        stat status;
        bytes = 0;
        memory = null;
        if (NativeMethods.fstat(fd.Value, &status) < 0)
        {
            return SignalSafeCalls.LastError;
        }

        bytes = status.st_size;
        bool mustCopy = isCopy && _facts is not { IsWithCopy: true };
        memory = mustCopy ? MappedMemory.Copy(fd.Value, bytes) : MappedMemory.Share(fd.Value, bytes);
        if (memory == null)
        {
            return SignalSafeCalls.LastError;
        }

        // Of a copy nothing is reserved or given back: that would be done to the image itself.
        _image = isCopy ? FdNumber.None : fd;
        return Errno.None;
    }

    public override Errno ReserveImage(long offset, long bytes)
    {
        // A kernel without memfd: private memory, which is there or is not.
        if (_image.IsNone)
        {
            return Errno.None;
        }

        // Records that are made one after the other often lie in one page.
        long page = MappedMemory.PageBytes;
        long from = offset & -page;
        long to = (offset + bytes + page - 1) & -page;
        if (from >= _reservedFrom && to <= _reservedTo)
        {
            return Errno.None;
        }

        Errno reason;
        do
        {
            reason = fallocate(_image.Value, 0, offset, bytes) < 0
                ? SignalSafeCalls.LastError : Errno.None;
        }
        while (reason == Errno.EINTR);
        (_reservedFrom, _reservedTo) = reason == Errno.None ? (from, to) : (0, 0);
        return reason;
    }

    public override long EndOfImageData(FdNumber fd, long offset, long bytes)
    {
        long last = offset;
        long data = lseek(fd.Value, offset, NativeMethods.SEEK_DATA);
        while (data >= 0 && data < offset + bytes)
        {
            last = lseek(fd.Value, data, NativeMethods.SEEK_HOLE);
            data = lseek(fd.Value, last, NativeMethods.SEEK_DATA);
        }

        return System.Math.Min(last, offset + bytes);
    }

    public override void ReleaseImage(long offset, long bytes)
    {
        // Pages that cannot be given back stay, and cost only memory: they are not zeroed then, and need not be.
        if (!_image.IsNone)
        {
            _reservedTo = _reservedFrom;
            _ = fallocate(_image.Value, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, offset, bytes);
        }
    }

    public override void* Allocate(long bytes)
    {
        if (bytes >= MappedMemory.PageBytes)
        {
            byte* pages = MappedMemory.Reserve(bytes);
            MappedMemory.Require(pages);
            return pages;
        }

        // Small pieces share pages: a page of its own costs a call and a fault.
        long rounded = (bytes + PieceBytes - 1) & -PieceBytes;
        if (_piecesLeft < rounded)
        {
            _pieces = MappedMemory.Reserve(PiecesBytes);
            MappedMemory.Require(_pieces);
            _piecesLeft = PiecesBytes;
        }

        byte* piece = _pieces;
        _pieces += rounded;
        _piecesLeft -= rounded;
        return piece;
    }

    public override void Guard(void* memory, long bytes) => _ = mprotect(memory, (int)bytes, 0);

    // Locked memory stays (EINVAL), and costs only memory.
    public override void ReleaseMemory(void* memory, long bytes) =>
        _ = NativeMethods.Madvise((nint)memory, (nint)bytes, MADV_DONTNEED);

    public override Errno LockMemory()
    {
        // Only starting up needed most of the code and constants that are in memory now, and locked they would stay for
        // ever.
        _constants.GiveBack();
        if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) < 0)
        {
            return SignalSafeCalls.LastError;
        }

        _constants.Keep();
        return Errno.None;
    }

    private static Errno ReservePrivate(long bytes, out void* memory)
    {
        memory = MappedMemory.Reserve(bytes);
        return memory == null ? SignalSafeCalls.LastError : Errno.None;
    }

    private static Errno FillImage(FdNumber image, long bytes, out void* memory)
    {
        memory = null;
        if (ftruncate(image.Value, bytes) < 0
            || SignalSafeCalls.fcntl(
                image.Value, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW) < 0)
        {
            return SignalSafeCalls.LastError;
        }

        memory = MappedMemory.Share(image.Value, bytes);
        return memory == null ? SignalSafeCalls.LastError : Errno.None;
    }
}
