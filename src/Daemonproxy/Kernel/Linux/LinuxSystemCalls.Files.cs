using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// Bytes and descriptors: read(2), write(2), open(2), pipe2(2), fcntl(2), fstat(2), close(2).
/// </summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    // Major number 1, minor number 3: null(4).
    private const ulong NullDevice = (1 << 8) | 3;

    /// <summary>umask(2) 077: all permissions for the owner only.</summary>
    private const uint OwnersOnly = 0x3F;

    /// <summary>Files are created with mode 0600.</summary>
    private const ushort FileMode = 0x180;

    public override Errno Read(FdNumber fd, Span<byte> free, ref int filled)
    {
        fixed (byte* buffer = free)
        {
            return Result(NativeMethods.read(fd.Value, buffer, free.Length), ref filled);
        }
    }

    public override Errno Write(FdNumber fd, ReadOnlySpan<byte> bytes, ref int sent)
    {
        fixed (byte* buffer = bytes)
        {
            return Result(NativeMethods.write(fd.Value, buffer, bytes.Length), ref sent);
        }
    }

    public override Errno Open(ReadOnlySpan<byte> path, OpenMode mode, out FdNumber fd)
    {
        int flags = RawPathCalls.FlagsOf(mode) | ((mode & OpenMode.CloseOnExec) != 0 ? O_CLOEXEC : 0);
        Assertion.Require(path[^1] == 0);
        fixed (byte* name = path)
        {
            uint mask = SignalSafeCalls.umask(OwnersOnly);
            fd = new FdNumber(open(name, flags, FileMode));
            Errno reason = fd.IsNone ? SignalSafeCalls.LastError : Errno.None;
            _ = SignalSafeCalls.umask(mask);
            return reason;
        }
    }

    public override Errno OpenNewNullDevice(out FdNumber fd)
    {
        // In the initramfs of the kernel, /dev is there and the root directory can be written.
        Errno reason = OpenNewNullDevice("/dev/.daemonproxy-null\0"u8, out fd);
        return reason == Errno.None ? reason : OpenNewNullDevice("/.daemonproxy-null\0"u8, out fd);
    }

    private static Errno OpenNewNullDevice(ReadOnlySpan<byte> path, out FdNumber fd)
    {
        fd = FdNumber.None;
        fixed (byte* name = path)
        {
            if (NativeMethods.mknod(name, (uint)(S_IFCHR | FileMode), NullDevice) < 0)
            {
                return SignalSafeCalls.LastError;
            }

            fd = new FdNumber(open(name, O_RDWR, 0));
            Errno reason = fd.IsNone ? SignalSafeCalls.LastError : Errno.None;
            _ = unlink(name);
            return reason;
        }
    }

    public override Errno Pipe(out FdNumber reader, out FdNumber writer) => Pipe(0, out reader, out writer);

    public override Errno ReportPipe(out ReportPipe pipe)
    {
        Errno errno = Pipe(O_NONBLOCK, out FdNumber reader, out FdNumber writer);
        pipe = new ReportPipe(reader, writer);
        return errno;
    }

    private Errno Pipe(int flags, out FdNumber reader, out FdNumber writer)
    {
        int* ends = stackalloc int[2];
        Errno reason;
        do
        {
            reason = pipe2(ends, flags) < 0 ? SignalSafeCalls.LastError : Errno.None;
        }
        while (HasRaisedOpenFiles(reason));
        reader = reason != Errno.None ? FdNumber.None : new FdNumber(ends[0]);
        writer = reason != Errno.None ? FdNumber.None : new FdNumber(ends[1]);
        return reason;
    }

    public override Errno SetNonblocking(FdNumber fd, bool nonblocking)
    {
        int flags = SignalSafeCalls.fcntl(fd.Value, F_GETFL, 0);
        if (flags < 0)
        {
            return SignalSafeCalls.LastError;
        }

        int wanted = nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
        return wanted != flags && SignalSafeCalls.fcntl(fd.Value, F_SETFL, wanted) < 0
            ? SignalSafeCalls.LastError : Errno.None;
    }

    public override Errno Identify(FdNumber fd, out FdIdentity identity)
    {
        if (_facts is not null)
        {
            return _facts.Find(fd, out identity);
        }

        stat status;
        identity = default;
        int flags = SignalSafeCalls.fcntl(fd.Value, F_GETFL, 0);
        if (flags < 0 || NativeMethods.fstat(fd.Value, &status) < 0)
        {
            return SignalSafeCalls.LastError;
        }

        StatIdentity.Set(&status, ref identity);
        bool usable = (flags & O_PATH) == 0;
        identity.Readable = usable && (flags & O_ACCMODE) != O_WRONLY;
        identity.Writable = usable && (flags & O_ACCMODE) != 0;
        identity.Nonblocking = (flags & O_NONBLOCK) != 0;
        identity.Appending = (flags & O_APPEND) != 0;
        if (identity.Kind == FdKind.Socket)
        {
            identity.SocketDomain = SocketOption(fd, SO_DOMAIN);
            identity.SocketType = SocketOption(fd, SO_TYPE);
        }

        return Errno.None;
    }

    public override bool IsPipe(FdNumber fd) => SignalSafeCalls.fcntl(fd.Value, F_GETPIPE_SZ, 0) >= 0;

    public override bool IsOpen(FdNumber fd) => _facts is null
        ? SignalSafeCalls.fcntl(fd.Value, F_GETFD, 0) >= 0
        : _facts.Find(fd, out _) != Errno.EBADF;

    public override void Close(FdNumber fd) => _ = close(fd.Value);
}
