using System;

namespace Daemonproxy.Kernels;

/// <summary>
/// Bytes and descriptors: read(2), write(2), open(2), pipe2(2), socketpair(2), fcntl(2), fstat(2), close(2).
/// </summary>
internal sealed unsafe partial class LinuxKernel
{
    private const int AF_UNIX = 1;
    private const int SOCK_STREAM = 1;
    private const int SOL_SOCKET = 1;
    private const int SO_TYPE = 3;
    private const int SO_DOMAIN = 39;

    /// <summary>What is created is for the owner: 0600, 0700.</summary>
    private const uint FileMode = 0x180;
    private const uint DirectoryMode = 0x1C0;

    // The larger struct stat, that of x64; the size of the file is at the same place in both.
    private const int StatBytes = 144;
    private const int StatSize = 48;

    private static int StatMode => Native.IsArm64 ? 16 : 24;

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
            fd = new FdNumber(Native.open(name, flags, FileMode));
        }

        return fd.IsNone ? Bare.LastError : Errno.None;
    }

    public override Errno MakeDirectory(ReadOnlySpan<byte> path)
    {
        Verify.That(path[^1] == 0);
        fixed (byte* name = path)
        {
            return Native.mkdir(name, DirectoryMode) < 0 ? Bare.LastError : Errno.None;
        }
    }

    public override Errno ChangeDirectory(ReadOnlySpan<byte> path)
    {
        Verify.That(path[^1] == 0);
        fixed (byte* name = path)
        {
            return Native.chdir(name) < 0 ? Bare.LastError : Errno.None;
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

    public override Errno SocketPair(out FdNumber first, out FdNumber second)
    {
        int* ends = stackalloc int[2];
        bool failed = Native.socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0;
        first = failed ? FdNumber.None : new FdNumber(ends[0]);
        second = failed ? FdNumber.None : new FdNumber(ends[1]);
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

        identity.Device = *(ulong*)stat;
        identity.Inode = *(ulong*)(stat + sizeof(ulong));
        identity.Mode = *(uint*)(stat + StatMode);
        identity.Kind = KindOf(identity.Mode);
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

    private static FdKind KindOf(uint mode) => (mode >> 12) switch
    {
        8 => FdKind.File,
        1 => FdKind.Pipe,
        12 => FdKind.Socket,
        _ => FdKind.Other,
    };

    private static ushort SocketOption(FdNumber fd, int option)
    {
        int value = 0;
        uint bytes = sizeof(int);
        return Native.getsockopt(fd.Value, SOL_SOCKET, option, &value, &bytes) < 0 ? (ushort)0 : (ushort)value;
    }
}
