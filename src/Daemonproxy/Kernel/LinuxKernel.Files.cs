using System;

namespace Daemonproxy.Kernels;

/// <summary>
/// Bytes and descriptors: read(2), write(2), open(2), pipe2(2), fcntl(2), fstat(2), close(2).
/// </summary>
internal sealed unsafe partial class LinuxKernel
{
    /// <summary>What is created is for the owner: 0600.</summary>
    private const uint FileMode = 0x180;

    public override Errno Read(FdNumber fd, Span<byte> free, ref int filled)
    {
        fixed (byte* buffer = free)
        {
            nint count = Native.read(fd.Value, buffer, free.Length);
            if (count < 0)
            {
                return Bare.LastError;
            }

            filled += (int)count;
            return Errno.None;
        }
    }

    public override Errno Write(FdNumber fd, ReadOnlySpan<byte> bytes, ref int sent)
    {
        fixed (byte* buffer = bytes)
        {
            nint count = Native.write(fd.Value, buffer, bytes.Length);
            if (count < 0)
            {
                return Bare.LastError;
            }

            sent += (int)count;
            return Errno.None;
        }
    }

    public override bool IsWritable(FdNumber fd)
    {
        PollFd asked;
        asked.Fd = fd.Value;
        asked.Events = Native.POLLOUT;
        asked.Happened = 0;
        return Native.poll(&asked, 1, 0) == 1;
    }

    public override Errno Open(ReadOnlySpan<byte> path, OpenMode mode, out FdNumber fd)
    {
        int flags = Native.O_NOCTTY;
        if ((mode & OpenMode.Write) != 0)
        {
            flags |= (mode & OpenMode.Read) != 0 ? Native.O_RDWR : Native.O_WRONLY;
        }

        flags |= (mode & OpenMode.Append) != 0 ? Native.O_APPEND : 0;
        flags |= (mode & OpenMode.Create) != 0 ? Native.O_CREAT : 0;
        flags |= (mode & OpenMode.Truncate) != 0 ? Native.O_TRUNC : 0;
        flags |= (mode & OpenMode.Nonblocking) != 0 ? Native.O_NONBLOCK : 0;
        flags |= (mode & OpenMode.CloseOnExec) != 0 ? Native.O_CLOEXEC : 0;
        Verify.That(path[^1] == 0);
        fixed (byte* name = path)
        {
            uint mask = Bare.umask(OwnersOnly);
            Errno reason = (mode & OpenMode.AtOnce) != 0 ? OpenAtOnce(name, flags, out fd) : Open(name, flags, out fd);
            _ = Bare.umask(mask);
            return reason;
        }
    }

    public override Errno Pipe(out FdNumber reader, out FdNumber writer)
    {
        int* ends = stackalloc int[2];
        bool failed = Native.pipe2(ends, 0) < 0;
        reader = failed ? FdNumber.None : new FdNumber(ends[0]);
        writer = failed ? FdNumber.None : new FdNumber(ends[1]);
        return failed ? Bare.LastError : Errno.None;
    }

    public override Errno SetNonblocking(FdNumber fd, bool nonblocking)
    {
        int flags = Bare.fcntl(fd.Value, Native.F_GETFL, 0);
        if (flags < 0)
        {
            return Bare.LastError;
        }

        int wanted = nonblocking ? flags | Native.O_NONBLOCK : flags & ~Native.O_NONBLOCK;
        return wanted != flags && Bare.fcntl(fd.Value, Native.F_SETFL, wanted) < 0 ? Bare.LastError : Errno.None;
    }

    public override Errno Identify(FdNumber fd, out FdIdentity identity)
    {
        byte* stat = stackalloc byte[StatBytes];
        identity = default;
        int flags = Bare.fcntl(fd.Value, Native.F_GETFL, 0);
        if (flags < 0 || Native.fstat(fd.Value, stat) < 0)
        {
            return Bare.LastError;
        }

        SetFile(stat, ref identity);
        bool usable = (flags & Native.O_PATH) == 0;
        identity.Readable = usable && (flags & Native.O_ACCMODE) != Native.O_WRONLY;
        identity.Writable = usable && (flags & Native.O_ACCMODE) != 0;
        identity.Nonblocking = (flags & Native.O_NONBLOCK) != 0;
        if (identity.Kind == FdKind.Socket)
        {
            identity.SocketDomain = SocketOption(fd, SO_DOMAIN);
            identity.SocketType = SocketOption(fd, SO_TYPE);
        }

        return Errno.None;
    }

    public override void Close(FdNumber fd) => _ = Native.close(fd.Value);

    // What has been opened without waiting is then as it was asked for.
    private static Errno OpenAtOnce(byte* name, int flags, out FdNumber fd)
    {
        Errno reason = Open(name, flags | Native.O_NONBLOCK, out fd);
        if (reason == Errno.None && (flags & Native.O_NONBLOCK) == 0)
        {
            _ = Bare.fcntl(fd.Value, Native.F_SETFL, flags & Native.O_APPEND);
        }

        return reason;
    }

    private static Errno Open(byte* name, int flags, out FdNumber fd)
    {
        fd = new FdNumber(Native.open(name, flags, FileMode));
        return fd.IsNone ? Bare.LastError : Errno.None;
    }
}
