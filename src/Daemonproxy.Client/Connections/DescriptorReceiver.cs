using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Client;

/// <summary>Reads bytes and descriptors from a unix socket: SCM_RIGHTS, unix(7).</summary>
internal static class DescriptorReceiver
{
    // The daemon sends one at a time; the kernel closes those that have no room.
    private const int MostDescriptors = 4;
    private const int CloseOnExec = 0x40000000; // MSG_CMSG_CLOEXEC

    /// <summary>
    /// Returns the number of bytes read; 0 at the end. A read ends with the bytes that a descriptor was sent with: the
    /// descriptor belongs to the last of the lines.
    /// </summary>
    /// <exception cref="IOException">The kernel refused it.</exception>
    public static async ValueTask<int> ReceiveAsync(
        Socket socket, Memory<byte> buffer, List<SafeFileHandle> descriptors, CancellationToken cancellation)
    {
        while (true)
        {
            int count = Receive(socket.SafeHandle, buffer.Span, descriptors, out int errno);
            if (errno == 0)
            {
                return count;
            }

            if (errno == ECONNRESET)
            {
                // The other side has closed the socket with unread data in it.
                return 0;
            }

            if (errno == EAGAIN)
            {
                // Waits until data are available, and reads none.
                await socket.ReceiveAsync(Memory<byte>.Empty, cancellation).ConfigureAwait(false);
            }
            else if (errno != EINTR)
            {
                throw new IOException($"recvmsg: {Marshal.GetPInvokeErrorMessage(errno)}");
            }
        }
    }

    private static unsafe int Receive(
        SafeHandle socket, Span<byte> bytes, List<SafeFileHandle> descriptors, out int errno)
    {
        bool isHeld = false;
        byte* control = stackalloc byte[CMSG_SPACE(MostDescriptors * sizeof(int))];
        try
        {
            socket.DangerousAddRef(ref isHeld);
            fixed (byte* start = bytes)
            {
                iovec vector = new() { iov_base = start, iov_len = bytes.Length };
                msghdr message = new()
                {
                    msg_iov = &vector,
                    msg_iovlen = 1,
                    msg_control = control,
                    msg_controllen = CMSG_SPACE(MostDescriptors * sizeof(int)),
                };
                int count = (int)recvmsg((int)socket.DangerousGetHandle(), &message, MSG_DONTWAIT | CloseOnExec);
                errno = count < 0 ? Marshal.GetLastPInvokeError() : 0;
                if (count >= 0)
                {
                    Take(&message, descriptors);
                }

                return count;
            }
        }
        finally
        {
            if (isHeld)
            {
                socket.DangerousRelease();
            }
        }
    }

    private static unsafe void Take(msghdr* message, List<SafeFileHandle> descriptors)
    {
        for (cmsghdr* header = CMSG_FIRSTHDR(message); header is not null; header = CMSG_NXTHDR(message, header))
        {
            if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            {
                continue;
            }

            int count = ((int)header->cmsg_len - sizeof(cmsghdr)) / sizeof(int);
            for (int index = 0; index < count; index++)
            {
                descriptors.Add(new SafeFileHandle(((int*)CMSG_DATA(header))[index], ownsHandle: true));
            }
        }
    }
}
