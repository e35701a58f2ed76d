using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client;

/// <summary>Sends descriptors along with bytes: SCM_RIGHTS, unix(7), which .NET has nothing for.</summary>
internal static partial class DescriptorSender
{
    private const int SOL_SOCKET = 1;
    private const int SO_TYPE = 3;
    private const int SCM_RIGHTS = 1;
    private const int MSG_DONTWAIT = 0x40;
    private const int MSG_NOSIGNAL = 0x4000;
    private const int F_DUPFD_CLOEXEC = 1030;
    private const int EINTR = 4;
    private const int EAGAIN = 11;

    /// <summary>Whether a descriptor is a socket, as far as getsockopt(2) knows.</summary>
    public static unsafe bool IsSocket(int descriptor)
    {
        int type = 0;
        uint size = sizeof(int);
        return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
    }

    /// <summary>A duplicate, to be sent when it is its turn, whatever becomes of the descriptor until then.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    /// <exception cref="IOException">It is none.</exception>
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

    /// <summary>Sends as many bytes as go at once, the descriptor with the first; how many they were.</summary>
    /// <exception cref="IOException">The kernel refused it.</exception>
    public static async ValueTask<int> SendAsync(
        Socket socket, ReadOnlyMemory<byte> bytes, SafeHandle descriptor, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            int result = Send(socket.SafeHandle, bytes.Span, descriptor, out int errno);
            if (result >= 0)
            {
                return result;
            }

            if (errno == EAGAIN)
            {
                // The others wait for room without a thread; one that has a descriptor along is rare enough for one.
                await Task.Run(() => socket.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectWrite), cancellation)
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
        // Larger than its length by what aligns it.
        Control control = new()
        {
            Length = (nuint)sizeof(nuint) + (3 * sizeof(int)),
            Level = SOL_SOCKET,
            Type = SCM_RIGHTS,
            Descriptor = descriptor,
        };
        fixed (byte* start = bytes)
        {
            Vector vector = new() { Start = start, Length = (nuint)bytes.Length };
            Message message = new()
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = &control,
                ControlLength = (nuint)sizeof(Control),
            };
            int result = (int)sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
            errno = result < 0 ? Marshal.GetLastPInvokeError() : 0;
            return result;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint sendmsg(int socket, Message* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int least);

    [LibraryImport("libc")]
    private static unsafe partial int getsockopt(int socket, int level, int name, void* value, uint* size);

    /// <summary>struct iovec.</summary>
    private unsafe struct Vector
    {
        public void* Start;
        public nuint Length;
    }

    /// <summary>struct msghdr of Linux.</summary>
    private unsafe struct Message
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public Control* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct cmsghdr with one descriptor behind it.</summary>
    private struct Control
    {
        public nuint Length;
        public int Level;
        public int Type;
        public int Descriptor;
    }
}
