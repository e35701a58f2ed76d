using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Client;

/// <summary>
/// Reads bytes and descriptors from a unix socket: SCM_RIGHTS, unix(7). It waits on the calling thread: otherwise every
/// read would wake a thread of the pool, which spins for a while before it sleeps again.
/// </summary>
internal sealed unsafe class DescriptorReceiver(Socket socket) : IDisposable
{
    // The daemon sends one at a time; the kernel closes those that have no room.
    private const int MostDescriptors = 4;
    private const int CloseOnExec = 0x40000000; // MSG_CMSG_CLOEXEC

    // Written to when the wait has to end, eventfd(2).
    private readonly SafeFileHandle _stop = new(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), ownsHandle: true);
    private readonly int _socket = (int)socket.SafeHandle.DangerousGetHandle();

    /// <summary>
    /// Waits for bytes, and returns the number of bytes read; 0 at the end, and after <see cref="Stop"/>. A read ends
    /// with the bytes that a descriptor was sent with: the descriptor belongs to the last of the lines.
    /// </summary>
    /// <exception cref="IOException">The kernel refused it.</exception>
    /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
    public int Receive(Span<byte> buffer, List<SafeFileHandle> descriptors)
    {
        while (true)
        {
            int count = Receive(socket.SafeHandle, buffer, descriptors, out int errno);
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
                if (!Wait())
                {
                    return 0;
                }
            }
            else if (errno != EINTR)
            {
                throw new IOException($"recvmsg: {Marshal.GetPInvokeErrorMessage(errno)}");
            }
        }
    }

    /// <summary>Ends the wait, now and later. From any thread.</summary>
    public void Stop()
    {
        bool isHeld = false;
        try
        {
            _stop.DangerousAddRef(ref isHeld);
            long one = 1;
            _ = write((int)_stop.DangerousGetHandle(), &one, sizeof(long));
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
        finally
        {
            if (isHeld)
            {
                _stop.DangerousRelease();
            }
        }
    }

    public void Dispose() => _stop.Dispose();

    // False if it was stopped. The socket may be closed meanwhile, but not before the stop.
    private bool Wait()
    {
        pollfd* both = stackalloc pollfd[2];
        both[0] = new() { fd = (int)_stop.DangerousGetHandle(), events = POLLIN };
        both[1] = new() { fd = _socket, events = POLLIN };
        int ready = poll(both, 2, -1);
        return ready < 0
            ? Marshal.GetLastPInvokeError() == EINTR
                ? true
                : throw new IOException($"poll: {Marshal.GetLastPInvokeErrorMessage()}")
            : both[0].revents == 0;
    }

    private static int Receive(
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

    private static void Take(msghdr* message, List<SafeFileHandle> descriptors)
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
