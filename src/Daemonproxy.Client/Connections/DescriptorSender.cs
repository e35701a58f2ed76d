using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Client;

/// <summary>Sends descriptors with bytes: SCM_RIGHTS, unix(7), for which .NET has no API.</summary>
internal static class DescriptorSender
{
    /// <summary>True if a descriptor is a socket, getsockopt(2).</summary>
    public static unsafe bool IsSocket(int descriptor)
    {
        int type = 0;
        socklen_t size = sizeof(int);
        return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
    }

    /// <summary>Makes a duplicate to be sent later, so that the caller may close the descriptor meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">The descriptor is closed.</exception>
    /// <exception cref="IOException">The number is not an open descriptor.</exception>
    public static SafeHandle Duplicate(SafeHandle descriptor)
    {
        bool isHeld = false;
        try
        {
            descriptor.DangerousAddRef(ref isHeld);
            int duplicate = fcntl((int)descriptor.DangerousGetHandle(), F_DUPFD_CLOEXEC, 0);
            return duplicate >= 0
                ? new SafeFileHandle(duplicate, ownsHandle: true)
                : throw new IOException($"fcntl: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            if (isHeld)
            {
                descriptor.DangerousRelease();
            }
        }
    }

    /// <summary>Sends bytes without a descriptor; returns how many the kernel accepted at once, -1 for none.</summary>
    public static unsafe int TrySend(Socket socket, ReadOnlySpan<byte> bytes)
    {
        bool isHeld = false;
        SafeHandle handle = socket.SafeHandle;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            fixed (byte* start = bytes)
            {
                return (int)send((int)handle.DangerousGetHandle(), start, bytes.Length, MSG_DONTWAIT | MSG_NOSIGNAL);
            }
        }
        catch (ObjectDisposedException)
        {
            // The thread that waits for the socket gets the error.
            return -1;
        }
        finally
        {
            if (isHeld)
            {
                handle.DangerousRelease();
            }
        }
    }

    /// <summary>
    /// Sends as many bytes as the kernel accepts at once, the descriptor with the first; returns their number.
    /// </summary>
    /// <exception cref="IOException">The kernel refused it.</exception>
    public static async ValueTask<int> SendAsync(
        Socket socket, ReadOnlyMemory<byte> bytes, SafeHandle descriptor)
    {
        while (true)
        {
            int result = Send(socket.SafeHandle, bytes.Span, descriptor, out int errno);
            if (result >= 0)
            {
                return result;
            }

            if (errno == EAGAIN)
            {
                // Other sends wait for room without a thread; a send with a descriptor is rare, so it may use one.
                await Task.Run(() => socket.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectWrite))
                    .ConfigureAwait(false);
            }
            else if (errno != EINTR)
            {
                throw new IOException($"sendmsg: {Marshal.GetPInvokeErrorMessage(errno)}");
            }
        }
    }

    private static int Send(SafeHandle socket, ReadOnlySpan<byte> bytes, SafeHandle descriptor, out int errno)
    {
        bool isSocketHeld = false;
        bool isDescriptorHeld = false;
        try
        {
            socket.DangerousAddRef(ref isSocketHeld);
            descriptor.DangerousAddRef(ref isDescriptorHeld);
            return Send((int)socket.DangerousGetHandle(), bytes, (int)descriptor.DangerousGetHandle(), out errno);
        }
        finally
        {
            if (isDescriptorHeld)
            {
                descriptor.DangerousRelease();
            }

            if (isSocketHeld)
            {
                socket.DangerousRelease();
            }
        }
    }

    private static unsafe int Send(int socket, ReadOnlySpan<byte> bytes, int descriptor, out int errno)
    {
        byte* control = stackalloc byte[CMSG_SPACE(sizeof(int))];
        fixed (byte* start = bytes)
        {
            iovec vector = new() { iov_base = start, iov_len = bytes.Length };
            msghdr message = new()
            {
                msg_iov = &vector,
                msg_iovlen = 1,
                msg_control = control,
                msg_controllen = CMSG_SPACE(sizeof(int)),
            };
            cmsghdr* header = CMSG_FIRSTHDR(&message);
            // Not CMSG_LEN of Tmds.LibC 0.5.0: it rounds up, and a second descriptor, number 0, would be sent.
            header->cmsg_len = sizeof(cmsghdr) + sizeof(int);
            header->cmsg_level = SOL_SOCKET;
            header->cmsg_type = SCM_RIGHTS;
            *(int*)CMSG_DATA(header) = descriptor;
            int result = (int)sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
            errno = result < 0 ? Marshal.GetLastPInvokeError() : 0;
            return result;
        }
    }
}
