using System;
using System.Linq;
using System.Runtime.InteropServices;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>Unix sockets, unix(7), whose descriptors are the test's own.</summary>
internal static unsafe class UnixSocket
{
    private const int PathOffset = 2;
    private const int AddressBytes = 110;

    // struct cmsghdr of 64-bit systems: length, level, type.
    private const int ControlHeaderBytes = 16;

    /// <summary>Two connected stream sockets.</summary>
    public static (Fd First, Fd Second) Pair()
    {
        int* ends = stackalloc int[2];
        Check(Native.socketpair(Native.AF_UNIX, Native.SOCK_STREAM | Native.SOCK_CLOEXEC, 0, ends), "socketpair");
        return (new Fd(ends[0]), new Fd(ends[1]));
    }

    /// <summary>A stream socket connected to this path, or the errno that says why not.</summary>
    public static Fd? TryConnect(string path, out int errno)
    {
        Fd fd = NewStream();
        byte* address = stackalloc byte[AddressBytes];
        WriteAddress(address, path);
        bool failed = Native.connect(fd.Number, address, AddressBytes) != 0;
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
        byte* address = stackalloc byte[AddressBytes];
        WriteAddress(address, path);
        Check(Native.bind(fd.Number, address, AddressBytes), "bind");
        Check(listens ? Native.listen(fd.Number, 1) : 0, "listen");
        return fd;
    }

    /// <summary>Sends bytes, and with them descriptors (SCM_RIGHTS).</summary>
    public static void Send(Fd socket, ReadOnlySpan<byte> bytes, params Fd[] descriptors)
    {
        int[] numbers = [.. descriptors.Select(descriptor => descriptor.Number)];
        int controlBytes = ControlHeaderBytes + (numbers.Length * sizeof(int));
        byte[] control = new byte[(controlBytes + sizeof(long) - 1) & -sizeof(long)];
        MemoryMarshal.Write(control, (long)controlBytes);
        MemoryMarshal.Write(control.AsSpan(8), Native.SOL_SOCKET);
        MemoryMarshal.Write(control.AsSpan(12), Native.SCM_RIGHTS);
        MemoryMarshal.AsBytes(numbers.AsSpan()).CopyTo(control.AsSpan(ControlHeaderBytes));
        fixed (byte* start = bytes, rights = control)
        {
            nint* vector = stackalloc nint[] { (nint)start, bytes.Length };
            MessageHeader message = default;
            message.Vectors = vector;
            message.VectorCount = 1;
            message.Control = numbers.Length > 0 ? rights : null;
            message.ControlBytes = numbers.Length > 0 ? (nuint)control.Length : 0;
            nint sent = Native.sendmsg(socket.Number, &message, 0);
            Check(sent == bytes.Length ? 0 : -1, "sendmsg");
        }
    }

    private static Fd NewStream()
    {
        int number = Native.socket(Native.AF_UNIX, Native.SOCK_STREAM | Native.SOCK_CLOEXEC, 0);
        Check(number, "socket");
        return new Fd(number);
    }

    private static void WriteAddress(byte* address, string path)
    {
        Span<byte> room = new(address, AddressBytes);
        room.Clear();
        room[0] = Native.AF_UNIX;
        Text.Bytes(path).CopyTo(room[PathOffset..]);
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw new InvalidOperationException($"{call}: errno {Marshal.GetLastPInvokeError()}");
        }
    }
}

/// <summary>struct msghdr of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public void* Name;
    public uint NameBytes;
    public nint* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlBytes;
    public int Flags;
}
