using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// Reads and writes that do not wait, of open files that other processes have too: O_NONBLOCK would be theirs as well.
/// </summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    // The most bytes that a pipe accepts as a whole if poll(2) reports it writable and no other writer fills it in
    // between: PIPE_BUF, pipe(7).
    private const int PipeBuf = 4096;
    private const int TCGETS = 0x5401;

    public override Errno WriteShared(FdNumber fd, FdKind kind, ReadOnlySpan<byte> bytes, ref int sent)
    {
        fixed (byte* buffer = bytes)
        {
            iovec vector = new() { iov_base = buffer, iov_len = bytes.Length };
            Errno reason = kind != FdKind.Pipe ? Errno.ENOTSUP
                : Result(NativeMethods.WriteAtOnce(fd.Value, &vector), ref sent);
            return IsNoSuchCall(reason) ? WriteByNumber(fd, kind, buffer, bytes.Length, ref sent) : reason;
        }
    }

    public override Errno WriteLog(FdNumber fd, FdKind kind, ReadOnlySpan<byte> bytes, ref int sent)
    {
        fixed (byte* buffer = bytes)
        {
            return WriteByNumber(fd, kind, buffer, bytes.Length, ref sent);
        }
    }

    public override Errno ReadShared(FdNumber fd, FdKind kind, Span<byte> free, ref int filled)
    {
        fixed (byte* buffer = free)
        {
            iovec vector = new() { iov_base = buffer, iov_len = free.Length };
            Errno reason = kind != FdKind.Pipe ? Errno.ENOTSUP
                : Result(NativeMethods.ReadAtOnce(fd.Value, &vector), ref filled);
            return IsNoSuchCall(reason) ? ReadByNumber(fd, kind, buffer, free.Length, ref filled) : reason;
        }
    }

    private static Errno WriteByNumber(FdNumber fd, FdKind kind, byte* buffer, int bytes, ref int sent)
    {
        if (kind == FdKind.File)
        {
            return Result(NativeMethods.write(fd.Value, buffer, bytes), ref sent);
        }

        if (kind == FdKind.Socket)
        {
            return Result(NativeMethods.send(fd.Value, buffer, bytes, MSG_DONTWAIT | MSG_NOSIGNAL), ref sent);
        }

        Errno reason;
        int own = OpenOwnTerminal(fd, kind, O_WRONLY);
        if (own >= 0)
        {
            reason = Result(NativeMethods.write(own, buffer, bytes), ref sent);
            _ = close(own);
            return reason;
        }

        int first = sent;
        reason = Errno.EAGAIN;
        while (sent - first < bytes && IsReady(fd, POLLOUT))
        {
            int done = sent - first;
            BlockedCallTimer.Arm();
            reason = Result(NativeMethods.write(fd.Value, buffer + done, Math.Min(bytes - done, PipeBuf)), ref sent);
            BlockedCallTimer.Disarm();
            if (reason != Errno.None)
            {
                break;
            }
        }

        return sent > first ? Errno.None : reason;
    }

    private static Errno ReadByNumber(FdNumber fd, FdKind kind, byte* buffer, int bytes, ref int filled)
    {
        if (kind == FdKind.File)
        {
            return Result(NativeMethods.read(fd.Value, buffer, bytes), ref filled);
        }

        Errno reason;
        int own = OpenOwnTerminal(fd, kind, O_RDONLY);
        if (own >= 0)
        {
            reason = Result(NativeMethods.read(own, buffer, bytes), ref filled);
            _ = close(own);
            return reason;
        }

        if (!IsReady(fd, POLLIN))
        {
            return Errno.EAGAIN;
        }

        BlockedCallTimer.Arm();
        reason = Result(NativeMethods.read(fd.Value, buffer, bytes), ref filled);
        BlockedCallTimer.Disarm();
        return reason;
    }

    // RWF_NOWAIT: pipes have it since Linux 6.4, fifos do not; a filter may refuse the call.
    private static bool IsNoSuchCall(Errno reason) =>
        reason is Errno.ENOTSUP or Errno.ENOSYS or Errno.EINVAL or Errno.EPERM;

    // A description of our own of a terminal, nonblocking; below 0 if it is no terminal, or refuses that (its owner is
    // another user, there is no /proc). A terminal that was hung up must not be opened again: what is behind its name
    // belongs to the next session (vhangup(2)); calls on the old description return at once.
    private static int OpenOwnTerminal(FdNumber fd, FdKind kind, int access)
    {
        byte* settings = stackalloc byte[256];
        if (kind == FdKind.Pipe || NativeMethods.ioctl(fd.Value, TCGETS, (nint)settings) < 0)
        {
            return -1;
        }

        LineWriter path = new(new Span<byte>(settings, 64));
        path.Text("/proc/self/fd/"u8);
        path.Integer(fd.Value);
        path.Byte(0);
        int own = open(settings, access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
        pollfd asked = new() { fd = fd.Value };
        if (own >= 0 && NativeMethods.poll(&asked, 1, 0) != 0)
        {
            _ = close(own);
            return -1;
        }

        return own;
    }

    private static bool IsReady(FdNumber fd, short events)
    {
        pollfd asked = new() { fd = fd.Value, events = events };
        return NativeMethods.poll(&asked, 1, 0) == 1;
    }

    // Of a call that was the last one: errno is read.
    private static Errno Result(nint count, ref int total)
    {
        if (count < 0)
        {
            return SignalSafeCalls.LastError;
        }

        total += (int)count;
        return Errno.None;
    }
}
