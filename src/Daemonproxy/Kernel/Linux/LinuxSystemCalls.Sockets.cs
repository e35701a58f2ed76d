using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// Sockets: socket(2), socketpair(2), setsockopt(2), bind(2), listen(2), accept4(2), connect(2), recvmsg(2).
/// </summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    private const int SOCK_NONBLOCK = NativeMethods.O_NONBLOCK;
    private const int SOCK_CLOEXEC = NativeMethods.O_CLOEXEC;
    private const int SOL_SOCKET = 1;
    private const int SO_REUSEADDR = 2;
    private const int SO_TYPE = 3;
    private const int SO_ERROR = 4;
    private const int SO_DOMAIN = 39;
    private const int SCM_RIGHTS = 1;
    private const int MSG_DONTWAIT = 0x40;

    /// <summary>
    /// Room for what may be sent along with bytes: 253 descriptors (SCM_MAX_FD), and what an inherited socket may have
    /// been told to add.
    /// </summary>
    private const int ControlBytes = 2048;

    public override Errno SocketPair(SocketShape shape, out FdNumber first, out FdNumber second)
    {
        int* ends = stackalloc int[2];
        bool failed = NativeMethods.socketpair((int)shape.Domain, (int)shape.Type, 0, ends) < 0;
        first = failed ? FdNumber.None : new FdNumber(ends[0]);
        second = failed ? FdNumber.None : new FdNumber(ends[1]);
        return failed ? SignalSafeCalls.LastError : Errno.None;
    }

    public override Errno Socket(SocketShape shape, out FdNumber fd)
    {
        fd = new FdNumber(NativeMethods.socket((int)shape.Domain, (int)shape.Type, 0));
        return fd.IsNone ? SignalSafeCalls.LastError : Errno.None;
    }

    public override Errno AllowReuse(FdNumber fd)
    {
        int yes = 1;
        bool failed = NativeMethods.setsockopt(fd.Value, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(int)) < 0;
        return failed ? SignalSafeCalls.LastError : Errno.None;
    }

    public override Errno Bind(FdNumber fd, in SocketAddress address)
    {
        ReadOnlySpan<byte> bytes = address.Bytes;
        fixed (byte* wanted = bytes)
        {
            uint mask = SignalSafeCalls.umask(OwnersOnly);
            Errno reason = NativeMethods.bind(fd.Value, wanted, (uint)bytes.Length) < 0
                ? SignalSafeCalls.LastError : Errno.None;
            _ = SignalSafeCalls.umask(mask);
            return reason;
        }
    }

    public override Errno Listen(FdNumber fd, int backlog) =>
        NativeMethods.listen(fd.Value, backlog) < 0 ? SignalSafeCalls.LastError : Errno.None;

    public override Errno Accept(FdNumber listener, out FdNumber connection)
    {
        while (true)
        {
            connection = new FdNumber(NativeMethods.accept4(listener.Value, null, null, SOCK_NONBLOCK));
            Errno reason = connection.IsNone ? SignalSafeCalls.LastError : Errno.None;
            if (reason is not (Errno.EINTR or Errno.ECONNABORTED))
            {
                return reason;
            }
        }
    }

    public override Errno Probe(in SocketAddress address)
    {
        int type = (int)SocketType.Stream | SOCK_NONBLOCK | SOCK_CLOEXEC;
        int fd = NativeMethods.socket((int)address.Domain, type, 0);
        if (fd < 0)
        {
            return SignalSafeCalls.LastError;
        }

        Errno reason;
        ReadOnlySpan<byte> bytes = address.Bytes;
        fixed (byte* wanted = bytes)
        {
            reason = NativeMethods.connect(fd, wanted, (uint)bytes.Length) < 0 ? SignalSafeCalls.LastError : Errno.None;
        }

        if (reason == Errno.EINPROGRESS && IsWritable(new FdNumber(fd)))
        {
            reason = (Errno)SocketOption(new FdNumber(fd), SO_ERROR);
        }

        _ = NativeMethods.close(fd);

        // A unix listener whose backlog is full.
        return reason == Errno.EAGAIN ? Errno.None : reason;
    }

    public override Errno Receive(
        FdNumber fd,
        Span<byte> free,
        ref int filled,
        Span<FdNumber> passed,
        ref int passedCount,
        Span<FdNumber> surplus,
        out int surplusCount)
    {
        Assertion.Require(!free.IsEmpty);
        surplusCount = 0;
        byte* control = stackalloc byte[ControlBytes];
        MessageHeader message = default;
        fixed (byte* buffer = free)
        {
            IoVector vector;
            vector.Start = buffer;
            vector.Bytes = (nuint)free.Length;
            message.Vectors = &vector;
            message.VectorCount = 1;
            message.Control = control;
            message.ControlBytes = ControlBytes;
            nint count = NativeMethods.recvmsg(fd.Value, &message, MSG_DONTWAIT);
            if (count < 0)
            {
                return SignalSafeCalls.LastError;
            }

            filled += (int)count;
        }

        TakeDescriptors(control, message.ControlBytes, passed, ref passedCount, surplus, ref surplusCount);
        return Errno.None;
    }

    private static void TakeDescriptors(
        byte* control,
        nuint bytes,
        Span<FdNumber> passed,
        ref int passedCount,
        Span<FdNumber> surplus,
        ref int surplusCount)
    {
        nuint at = 0;
        while (at + (nuint)sizeof(ControlHeader) <= bytes)
        {
            ControlHeader* header = (ControlHeader*)(control + at);
            if (header->Bytes < (nuint)sizeof(ControlHeader) || header->Bytes > bytes - at)
            {
                return;
            }

            bool hasDescriptors = header->Level == SOL_SOCKET && header->Type == SCM_RIGHTS;
            int* fds = (int*)(header + 1);
            int count = hasDescriptors ? (int)((header->Bytes - (nuint)sizeof(ControlHeader)) / sizeof(int)) : 0;
            for (int i = 0; i < count; i++)
            {
                if (passedCount < passed.Length)
                {
                    passed[passedCount++] = new FdNumber(fds[i]);
                }
                else if (surplusCount < surplus.Length)
                {
                    surplus[surplusCount++] = new FdNumber(fds[i]);
                }
                else
                {
                    _ = NativeMethods.close(fds[i]);
                }
            }

            at += (header->Bytes + sizeof(ulong) - 1) & ~(nuint)(sizeof(ulong) - 1);
        }
    }

    private static ushort SocketOption(FdNumber fd, int option)
    {
        int value = 0;
        uint bytes = sizeof(int);
        return NativeMethods.getsockopt(fd.Value, SOL_SOCKET, option, &value, &bytes) < 0 ? (ushort)0 : (ushort)value;
    }
}
