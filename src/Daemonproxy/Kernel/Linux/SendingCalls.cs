using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>The system calls of a client of a control socket.</summary>
internal sealed unsafe class SendingCalls(ProcessArguments vectors) : ISendingCalls
{
    private const int GrndNonblock = 1;

    public ReadOnlySpan<byte> Variable(ReadOnlySpan<byte> name) => vectors.Variable(name);

    public bool Exists(ReadOnlySpan<byte> path)
    {
        fixed (byte* text = Terminated(path))
        {
            return access(text, F_OK) == 0 || SignalSafeCalls.LastError is not (Errno.ENOENT or Errno.ENOTDIR);
        }
    }

    public bool IsOpen(FdNumber fd) => SignalSafeCalls.fcntl(fd.Value, F_GETFD, 0) >= 0;

    public Errno Connect(ReadOnlySpan<byte> path, out FdNumber socket)
    {
        socket = FdNumber.None;
        if (path.Length > SocketAddress.LongestPath)
        {
            return Errno.ENAMETOOLONG;
        }

        int fd = LibC.socket((int)SocketDomain.Unix, (int)SocketType.Stream | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
        {
            return SignalSafeCalls.LastError;
        }

        // If a standard descriptor is closed, the socket would take its number.
        socket = LinuxSystemCalls.AboveStandard(fd);
        Span<byte> address = stackalloc byte[sizeof(SocketAddress)];
        address.Clear();
        address[0] = (byte)SocketDomain.Unix;
        path.CopyTo(address[2..]);
        fixed (byte* bytes = address)
        {
            return connect(socket.Value, (sockaddr*)bytes, (uint)(2 + path.Length + 1)) == 0
                ? Errno.None
                : SignalSafeCalls.LastError;
        }
    }

    // A descriptor for which nothing is wanted is left out, except standard output: poll(2) reports the end of any.
    public SendingEvents Wait(FdNumber socket, SendingEvents wanted, int milliseconds)
    {
        bool hasSocket = (wanted & (SendingEvents.Answers | SendingEvents.Sending)) != 0;
        pollfd* asked = stackalloc pollfd[3];
        asked[0] = new pollfd { fd = Has(wanted, SendingEvents.Input) ? 0 : -1, events = POLLIN };
        asked[1] = new pollfd
        {
            fd = hasSocket ? socket.Value : -1,
            events = (short)((Has(wanted, SendingEvents.Answers) ? POLLIN : 0)
                | (Has(wanted, SendingEvents.Sending) ? POLLOUT : 0)),
        };
        asked[2] = new pollfd { fd = 1, events = (short)(Has(wanted, SendingEvents.Output) ? POLLOUT : 0) };
        int ready = poll(asked, 3, milliseconds);
        if (ready <= 0)
        {
            return ready == 0 ? SendingEvents.TimedOut : SendingEvents.None;
        }

        SendingEvents found = asked[0].revents != 0 ? SendingEvents.Input : SendingEvents.None;
        found |= (asked[1].revents & ~POLLOUT) != 0 ? SendingEvents.Answers : SendingEvents.None;
        found |= (asked[1].revents & ~POLLIN) != 0 ? SendingEvents.Sending : SendingEvents.None;
        found |= (asked[2].revents & POLLOUT) != 0 ? SendingEvents.Output : SendingEvents.None;
        found |= (asked[2].revents & ~POLLOUT) != 0 ? SendingEvents.ReaderGone : SendingEvents.None;
        return found & (wanted | SendingEvents.ReaderGone);
    }

    public Errno Read(FdNumber fd, Span<byte> free, out int count)
    {
        fixed (byte* bytes = free)
        {
            return Result(NativeMethods.read(fd.Value, bytes, free.Length), out count);
        }
    }

    public Errno Write(FdNumber fd, ReadOnlySpan<byte> bytes, out int count)
    {
        fixed (byte* first = bytes)
        {
            return Result(NativeMethods.write(fd.Value, first, bytes.Length), out count);
        }
    }

    public Errno Send(FdNumber socket, ReadOnlySpan<byte> bytes, out int count)
    {
        fixed (byte* first = bytes)
        {
            return Result(
                NativeMethods.send(socket.Value, first, bytes.Length, MSG_DONTWAIT | MSG_NOSIGNAL), out count);
        }
    }

    // An old kernel whose pool is not ready yet returns nothing. Then time and PID are enough, since only the daemon
    // can answer on this connection.
    public void Random(Span<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            nint count = RawCalls.Call(RawCalls.Number(318, 278), (nint)first, bytes.Length, GrndNonblock, 0, 0);
            if (count != bytes.Length)
            {
                BitConverter.TryWriteBytes(bytes, SignalSafeCalls.Nanoseconds());
            }
        }
    }

    private static bool Has(SendingEvents events, SendingEvents one) => (events & one) != 0;

    private static byte[] Terminated(ReadOnlySpan<byte> path)
    {
        byte[] text = new byte[path.Length + 1];
        path.CopyTo(text);
        return text;
    }

    private static Errno Result(nint done, out int count)
    {
        count = (int)Math.Max(done, 0);
        return done < 0 ? SignalSafeCalls.LastError : Errno.None;
    }
}
