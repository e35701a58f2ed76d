using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// Bytes and descriptors: read(2), write(2), open(2), pipe2(2), fcntl(2), fstat(2), close(2).
/// </summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    /// <summary>Files are created with mode 0600.</summary>
    private const uint FileMode = 0x180;

    public override Errno Read(FdNumber fd, Span<byte> free, ref int filled)
    {
        fixed (byte* buffer = free)
        {
            nint count = NativeMethods.read(fd.Value, buffer, free.Length);
            if (count < 0)
            {
                return SignalSafeCalls.LastError;
            }

            filled += (int)count;
            return Errno.None;
        }
    }

    public override Errno Write(FdNumber fd, ReadOnlySpan<byte> bytes, ref int sent)
    {
        fixed (byte* buffer = bytes)
        {
            nint count = NativeMethods.write(fd.Value, buffer, bytes.Length);
            if (count < 0)
            {
                return SignalSafeCalls.LastError;
            }

            sent += (int)count;
            return Errno.None;
        }
    }

    public override bool IsWritable(FdNumber fd)
    {
        PollFd asked;
        asked.Fd = fd.Value;
        asked.Events = NativeMethods.POLLOUT;
        asked.Happened = 0;
        return NativeMethods.poll(&asked, 1, 0) == 1;
    }

    public override Errno Open(ReadOnlySpan<byte> path, OpenMode mode, out FdNumber fd)
    {
        int flags = NativeMethods.O_NOCTTY;
        if ((mode & OpenMode.Write) != 0)
        {
            flags |= (mode & OpenMode.Read) != 0 ? NativeMethods.O_RDWR : NativeMethods.O_WRONLY;
        }

        flags |= (mode & OpenMode.Append) != 0 ? NativeMethods.O_APPEND : 0;
        flags |= (mode & OpenMode.Create) != 0 ? NativeMethods.O_CREAT : 0;
        flags |= (mode & OpenMode.Truncate) != 0 ? NativeMethods.O_TRUNC : 0;
        flags |= (mode & OpenMode.Nonblocking) != 0 ? NativeMethods.O_NONBLOCK : 0;
        flags |= (mode & OpenMode.CloseOnExec) != 0 ? NativeMethods.O_CLOEXEC : 0;
        Assertion.Require(path[^1] == 0);
        fixed (byte* name = path)
        {
            uint mask = SignalSafeCalls.umask(OwnersOnly);
            Errno reason = (mode & OpenMode.AtOnce) != 0 ? OpenAtOnce(name, flags, out fd) : Open(name, flags, out fd);
            _ = SignalSafeCalls.umask(mask);
            return reason;
        }
    }

    public override Errno Pipe(out FdNumber reader, out FdNumber writer)
    {
        int* ends = stackalloc int[2];
        bool failed = NativeMethods.pipe2(ends, 0) < 0;
        reader = failed ? FdNumber.None : new FdNumber(ends[0]);
        writer = failed ? FdNumber.None : new FdNumber(ends[1]);
        return failed ? SignalSafeCalls.LastError : Errno.None;
    }

    public override Errno SetNonblocking(FdNumber fd, bool nonblocking)
    {
        int flags = SignalSafeCalls.fcntl(fd.Value, NativeMethods.F_GETFL, 0);
        if (flags < 0)
        {
            return SignalSafeCalls.LastError;
        }

        int wanted = nonblocking ? flags | NativeMethods.O_NONBLOCK : flags & ~NativeMethods.O_NONBLOCK;
        return wanted != flags && SignalSafeCalls.fcntl(fd.Value, NativeMethods.F_SETFL, wanted) < 0
            ? SignalSafeCalls.LastError : Errno.None;
    }

    public override Errno Identify(FdNumber fd, out FdIdentity identity)
    {
        byte* stat = stackalloc byte[StatBytes];
        identity = default;
        int flags = SignalSafeCalls.fcntl(fd.Value, NativeMethods.F_GETFL, 0);
        if (flags < 0 || NativeMethods.fstat(fd.Value, stat) < 0)
        {
            return SignalSafeCalls.LastError;
        }

        SetFile(stat, ref identity);
        bool usable = (flags & NativeMethods.O_PATH) == 0;
        identity.Readable = usable && (flags & NativeMethods.O_ACCMODE) != NativeMethods.O_WRONLY;
        identity.Writable = usable && (flags & NativeMethods.O_ACCMODE) != 0;
        identity.Nonblocking = (flags & NativeMethods.O_NONBLOCK) != 0;
        if (identity.Kind == FdKind.Socket)
        {
            identity.SocketDomain = SocketOption(fd, SO_DOMAIN);
            identity.SocketType = SocketOption(fd, SO_TYPE);
        }

        return Errno.None;
    }

    public override void Close(FdNumber fd) => _ = NativeMethods.close(fd.Value);

    // What has been opened without waiting is then as it was asked for.
    private static Errno OpenAtOnce(byte* name, int flags, out FdNumber fd)
    {
        Errno reason = Open(name, flags | NativeMethods.O_NONBLOCK, out fd);
        if (reason == Errno.None && (flags & NativeMethods.O_NONBLOCK) == 0)
        {
            _ = SignalSafeCalls.fcntl(fd.Value, NativeMethods.F_SETFL, flags & NativeMethods.O_APPEND);
        }

        return reason;
    }

    private static Errno Open(byte* name, int flags, out FdNumber fd)
    {
        fd = new FdNumber(NativeMethods.open(name, flags, FileMode));
        return fd.IsNone ? SignalSafeCalls.LastError : Errno.None;
    }
}
