using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// Sockets: socket(2), socketpair(2), setsockopt(2), bind(2), listen(2), accept4(2), recvmsg(2).
/// </summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    /// <summary>The number of what the other end of a socket has not read, by the name that tcp(7) gives it.</summary>
    private const nuint SIOCOUTQ = 0x5411;

    /// <summary>
    /// Room for control messages: 253 descriptors (SCM_MAX_FD), and messages that are enabled on an inherited socket.
    /// </summary>
    private const int ControlBytes = 2048;

    public override long CountUnread(FdNumber output, FdKind kind)
    {
        int unread = 0;
        nuint question = kind == FdKind.Socket ? SIOCOUTQ : FIONREAD;
        return NativeMethods.ioctl(output.Value, question, (nint)(&unread)) == 0 ? unread : 0;
    }

    public override Errno SocketPair(SocketShape shape, out FdNumber first, out FdNumber second)
    {
        int* ends = stackalloc int[2];
        Errno reason;
        do
        {
            bool failed = socketpair((int)shape.Domain, (int)shape.Type, 0, ends) < 0;
            reason = failed ? SignalSafeCalls.LastError : Errno.None;
        }
        while (HasRaisedOpenFiles(reason));
        first = reason != Errno.None ? FdNumber.None : new FdNumber(ends[0]);
        second = reason != Errno.None ? FdNumber.None : new FdNumber(ends[1]);
        return reason;
    }

    public override Errno Socket(SocketShape shape, out FdNumber fd)
    {
        Errno reason;
        do
        {
            fd = new FdNumber(socket((int)shape.Domain, (int)shape.Type, 0));
            reason = fd.IsNone ? SignalSafeCalls.LastError : Errno.None;
        }
        while (HasRaisedOpenFiles(reason));
        return reason;
    }

    public override bool IsRoot() => geteuid() == 0;

    public override PeerCredentials CredentialsOf(FdNumber connection)
    {
        // pid, uid and gid.
        int* credentials = stackalloc int[3];
        socklen_t length = 3 * sizeof(int);
        bool failed = getsockopt(connection.Value, SOL_SOCKET, SO_PEERCRED, credentials, &length) < 0;
        return failed
            ? new PeerCredentials(new Pid(0), -1, -1)
            : new PeerCredentials(new Pid(credentials[0]), (uint)credentials[1], (uint)credentials[2]);
    }

    public override Errno AllowReuse(FdNumber fd)
    {
        int yes = 1;
        bool failed = setsockopt(fd.Value, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(int)) < 0;
        return failed ? SignalSafeCalls.LastError : Errno.None;
    }

    public override void ShareAddress(FdNumber fd, bool isShared)
    {
        int value = isShared ? 1 : 0;
        _ = setsockopt(fd.Value, SOL_SOCKET, SO_REUSEPORT, &value, sizeof(int));
    }

    // A listening unix socket that was shut down still has SO_ACCEPTCONN; POLLRDHUP tells.
    public override bool IsIntact(FdNumber fd, bool listens)
    {
        pollfd asked = new() { fd = fd.Value, events = POLLRDHUP };
        _ = NativeMethods.poll(&asked, 1, 0);
        bool isShut = (asked.revents & (POLLRDHUP | POLLNVAL)) != 0;
        bool hasHungUp = (asked.revents & POLLHUP) != 0;
        return !isShut && (!listens || (!hasHungUp && SocketOption(fd, SO_ACCEPTCONN) != 0));
    }

    public override Errno Bind(FdNumber fd, in SocketAddress address)
    {
        ReadOnlySpan<byte> bytes = address.Bytes;
        fixed (byte* wanted = bytes)
        {
            return bind(fd.Value, (sockaddr*)wanted, (uint)bytes.Length) < 0
                ? SignalSafeCalls.LastError : Errno.None;
        }
    }

    public override Errno Listen(FdNumber fd, int backlog) =>
        listen(fd.Value, backlog) < 0 ? SignalSafeCalls.LastError : Errno.None;

    public override Errno Accept(FdNumber listener, out FdNumber connection)
    {
        while (true)
        {
            connection = new FdNumber(accept4(listener.Value, null, null, SOCK_NONBLOCK));
            Errno reason = connection.IsNone ? SignalSafeCalls.LastError : Errno.None;
            if (reason is not (Errno.EINTR or Errno.ECONNABORTED) && !HasRaisedOpenFiles(reason))
            {
                return reason;
            }
        }
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
        nint count = ReceiveWith(fd, free, control, out msghdr message);
        if (count < 0)
        {
            return SignalSafeCalls.LastError;
        }

        filled += (int)count;
        TakeDescriptors(control, (uint)message.msg_controllen, passed, ref passedCount, surplus, ref surplusCount);
        return Errno.None;
    }

    public override Errno SendDescriptor(
        FdNumber socket, ReadOnlySpan<byte> bytes, FdNumber descriptor, ref int sent)
    {
        Assertion.Require(!bytes.IsEmpty);
        byte* control = stackalloc byte[sizeof(cmsghdr) + sizeof(ulong)];
        cmsghdr* header = (cmsghdr*)control;
        *header = default;
        header->cmsg_len = sizeof(cmsghdr) + sizeof(int);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        *(int*)(header + 1) = descriptor.Value;
        msghdr message = default;
        fixed (byte* start = bytes)
        {
            iovec vector = new() { iov_base = start, iov_len = bytes.Length };
            message.msg_iov = &vector;
            message.msg_iovlen = 1;
            message.msg_control = control;
            message.msg_controllen = sizeof(cmsghdr) + sizeof(ulong);
            nint count = NativeMethods.sendmsg(socket.Value, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (count < 0)
            {
                return SignalSafeCalls.LastError;
            }

            sent += (int)count;
            return Errno.None;
        }
    }

    private static void TakeDescriptors(
        byte* control,
        nuint bytes,
        Span<FdNumber> passed,
        ref int passedCount,
        Span<FdNumber> surplus,
        ref int surplusCount)
    {
        ControlMessageReader messages = new(control, bytes);
        while (messages.TryNext())
        {
            int* fds = (int*)messages.Data;
            int count = messages.Type == SCM_RIGHTS ? (int)(messages.Length / sizeof(int)) : 0;
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
                    _ = close(fds[i]);
                }
            }
        }
    }

    // recvmsg(2), without waiting, with room of ControlBytes for what comes along; below 0 with errno set.
    private static nint ReceiveWith(FdNumber fd, Span<byte> free, byte* control, out msghdr message)
    {
        msghdr header = default;
        nint count;
        fixed (byte* buffer = free)
        {
            iovec vector = new() { iov_base = buffer, iov_len = free.Length };
            header.msg_iov = &vector;
            header.msg_iovlen = 1;
            header.msg_control = control;
            header.msg_controllen = ControlBytes;
            count = NativeMethods.recvmsg(fd.Value, &header, MSG_DONTWAIT);
        }

        header.msg_iov = null;
        message = header;
        return count;
    }

    public override bool MayLinger(FdNumber fd)
    {
        SocketDomain domain = (SocketDomain)SocketOption(fd, SO_DOMAIN);
        int* linger = stackalloc int[2];
        socklen_t bytes = 2 * sizeof(int);
        return domain is not (SocketDomain.Inet or SocketDomain.Inet6)
            || getsockopt(fd.Value, SOL_SOCKET, SO_LINGER, linger, &bytes) < 0 || linger[0] != 0;
    }

    private static ushort SocketOption(FdNumber fd, int option)
    {
        int value = 0;
        socklen_t bytes = sizeof(int);
        return getsockopt(fd.Value, SOL_SOCKET, option, &value, &bytes) < 0 ? (ushort)0 : (ushort)value;
    }
}
