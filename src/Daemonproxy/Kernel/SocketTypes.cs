using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>Address families, with the numbers of Linux.</summary>
internal enum SocketDomain : ushort
{
    Unix = 1,
    Inet = 2,
    Inet6 = 10,
}

/// <summary>Socket types, with the numbers of Linux.</summary>
internal enum SocketType : ushort
{
    Stream = 1,
    Datagram = 2,
    Sequential = 5,
}

/// <summary>The address family and type of a new socket.</summary>
internal readonly struct SocketShape(SocketDomain domain, SocketType type)
{
    public static SocketShape UnixStream => new(SocketDomain.Unix, SocketType.Stream);

    public static SocketShape UnixDatagram => new(SocketDomain.Unix, SocketType.Datagram);

    public SocketDomain Domain => domain;

    public SocketType Type => type;
}

/// <summary>The sender of a message, struct ucred of unix(7), in the numbers of our namespaces.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SenderCredentials
{
    public Pid Pid;
    public uint User;
    public uint Group;
}

/// <summary>
/// The address of a socket: a struct sockaddr_un, sockaddr_in or sockaddr_in6. Of fixed size, so that it needs no
/// memory of its own.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SocketAddress
{
    /// <summary>The longest path of a unix socket, without its NUL.</summary>
    public const int LongestPath = 107;

    /// <summary>Of an IPv6 address.</summary>
    public const int Inet6Bytes = 16;

    private const int PathOffset = 2;
    private const int PortOffset = 2;
    private const int InetOffset = 4;
    private const int Inet6Offset = 8;
    private const int InetLength = 16;
    private const int Inet6Length = 28;

    private AddressBytes _bytes;
    private int _length;

    /// <summary>The number of bytes that the kernel takes; 0: no address.</summary>
    public readonly int Length => _length;

    public readonly bool IsEmpty => _length == 0;

    /// <summary>As the kernel takes it.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_bytes)[.._length];

    public readonly SocketDomain Domain => (SocketDomain)(_bytes[0] | (_bytes[1] << 8));

    /// <summary>The path of a unix socket, without its NUL.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Path => Bytes[PathOffset..^1];

    /// <summary>The port of the others; 0 is one that the kernel chooses.</summary>
    public readonly ushort Port => BinaryPrimitives.ReadUInt16BigEndian(Bytes[PortOffset..]);

    /// <summary>The 4 or 16 bytes of an internet address; all 0 is every address of this machine.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Host =>
        Domain == SocketDomain.Inet ? Bytes.Slice(InetOffset, sizeof(uint)) : Bytes.Slice(Inet6Offset, Inet6Bytes);

    /// <summary>The address of a path, given without a NUL; false if it is empty, too long, or has a NUL.</summary>
    public static bool TryUnix(ReadOnlySpan<byte> path, out SocketAddress address)
    {
        address = default;
        if (path.IsEmpty || path.Length > LongestPath || path.Contains((byte)0))
        {
            return false;
        }

        address.Start(SocketDomain.Unix, PathOffset + path.Length + 1);
        path.CopyTo(address._bytes[PathOffset..]);
        return true;
    }

    /// <summary>
    /// The address with ".new" behind a path, of a file that is there only while a socket is made; empty without room.
    /// </summary>
    public static SocketAddress Beside(ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> suffix = ".new"u8;
        if (path.Length + suffix.Length > LongestPath)
        {
            return default;
        }

        Span<byte> beside = stackalloc byte[LongestPath];
        path.CopyTo(beside);
        suffix.CopyTo(beside[path.Length..]);
        TryUnix(beside[..(path.Length + suffix.Length)], out SocketAddress address);
        return address;
    }

    /// <summary>An IPv4 address; 127.0.0.1 is 0x7F000001.</summary>
    public static SocketAddress Inet(uint host, ushort port)
    {
        SocketAddress address = default;
        address.Start(SocketDomain.Inet, InetLength);
        BinaryPrimitives.WriteUInt16BigEndian(address._bytes[PortOffset..], port);
        BinaryPrimitives.WriteUInt32BigEndian(address._bytes[InetOffset..], host);
        return address;
    }

    /// <summary>An IPv6 address of 16 bytes, the first one first.</summary>
    public static SocketAddress Inet6(ReadOnlySpan<byte> host, ushort port)
    {
        Assertion.Require(host.Length == Inet6Bytes);
        SocketAddress address = default;
        address.Start(SocketDomain.Inet6, Inet6Length);
        BinaryPrimitives.WriteUInt16BigEndian(address._bytes[PortOffset..], port);
        host.CopyTo(address._bytes[Inet6Offset..]);
        return address;
    }

    /// <summary>The path of a unix socket, with its NUL, in place; what was not set is NUL.</summary>
    public static byte* PathOf(SocketAddress* address) => (byte*)address + PathOffset;

    /// <summary>True if both are the same path.</summary>
    public static bool IsSame(SocketAddress* one, SocketAddress* other)
    {
        byte* left = PathOf(one);
        byte* right = PathOf(other);
        while (*left != 0 && *left == *right)
        {
            left++;
            right++;
        }

        return *left == *right;
    }

    private void Start(SocketDomain domain, int length)
    {
        _bytes[0] = (byte)domain;
        _length = length;
    }

    // The largest, sockaddr_un, has 110 bytes.
    [InlineArray(112)]
    private struct AddressBytes
    {
        private byte _first;
    }
}
