using System;
using System.Linq;
using System.Runtime.InteropServices;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>Unix sockets, unix(7), whose descriptors are the test's own.</summary>
internal static unsafe class UnixSocket
{
    /// <summary>Two connected stream sockets.</summary>
    public static (Fd First, Fd Second) Pair()
    {
        int* ends = stackalloc int[2];
        Check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
        return (new Fd(ends[0]), new Fd(ends[1]));
    }

    /// <summary>A stream socket connected to this path, or the errno that says why not.</summary>
    public static Fd? TryConnect(string path, out int errno)
    {
        Fd fd = NewStream();
        sockaddr_un address = Address(path);
        bool failed = connect(fd.Number, (sockaddr*)&address, sizeof(sockaddr_un)) != 0;
        errno = failed ? Marshal.GetLastPInvokeError() : 0;
        if (failed)
        {
            fd.Dispose();
            return null;
        }

        return fd;
    }

    /// <summary>A stream socket bound to this path, on which nobody listens unless asked for.</summary>
    public static Fd Bind(string path, bool listens)
    {
        Fd fd = NewStream();
        sockaddr_un address = Address(path);
        Check(bind(fd.Number, (sockaddr*)&address, sizeof(sockaddr_un)), "bind");
        Check(listens ? listen(fd.Number, 1) : 0, "listen");
        return fd;
    }

    /// <summary>The next connection to a socket that listens; waits for it.</summary>
    public static Fd Accept(Fd listener)
    {
        int number = accept4(listener.Number, null, null, SOCK_CLOEXEC);
        Check(number, "accept4");
        return new Fd(number);
    }

    /// <summary>Sends bytes, and with them descriptors (SCM_RIGHTS).</summary>
    public static void Send(Fd socket, ReadOnlySpan<byte> bytes, params Fd[] descriptors)
    {
        int[] numbers = [.. descriptors.Select(descriptor => descriptor.Number)];
        byte[] control = new byte[CMSG_SPACE(numbers.Length * sizeof(int))];
        fixed (byte* start = bytes, rights = control)
        {
            iovec vector = new() { iov_base = start, iov_len = bytes.Length };
            msghdr message = new() { msg_iov = &vector, msg_iovlen = 1 };
            if (numbers.Length > 0)
            {
                message.msg_control = rights;
                message.msg_controllen = control.Length;
                cmsghdr* header = CMSG_FIRSTHDR(&message);
                // Not CMSG_LEN of Tmds.LibC 0.5.0: it rounds up, and one descriptor becomes two, the second of them 0.
                header->cmsg_len = sizeof(cmsghdr) + (numbers.Length * sizeof(int));
                header->cmsg_level = SOL_SOCKET;
                header->cmsg_type = SCM_RIGHTS;
                numbers.CopyTo(new Span<int>(CMSG_DATA(header), numbers.Length));
            }

            long sent = sendmsg(socket.Number, &message, 0);
            Check(sent == bytes.Length ? 0 : -1, "sendmsg");
        }
    }

    private static Fd NewStream()
    {
        int number = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        Check(number, "socket");
        return new Fd(number);
    }

    private static sockaddr_un Address(string path)
    {
        sockaddr_un address = new() { sun_family = AF_UNIX };
        byte[] bytes = Text.Bytes(path);
        bytes.CopyTo(new Span<byte>(address.sun_path, sockaddr_un.sun_path_length));
        return address;
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw new InvalidOperationException($"{call}: errno {Marshal.GetLastPInvokeError()}");
        }
    }
}
