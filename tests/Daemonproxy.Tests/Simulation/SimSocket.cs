using System;
using System.Collections.Generic;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>A socket that is not connected: as it was made, bound, or listening.</summary>
internal sealed class SimSocket : SimFile
{
    private const int NotListening = -1;
    private SocketShape _shape;
    private SocketAddress _address;
    private ushort _port;

    /// <summary>Where it is bound in the filesystem.</summary>
    public SimNode? Node { get; set; }

    public bool IsBound { get; set; }

    public bool AllowsReuse { get; set; }

    /// <summary>True if a process has shut it down.</summary>
    public bool IsShutDown { get; set; }

    /// <summary>True if another one that says so can have the same address.</summary>
    public bool SharesAddress { get; set; }

    /// <summary>The number of connections that wait for it beside the first; below 0 when it does not listen.</summary>
    public int Backlog { get; set; }

    public bool IsListening => Backlog > NotListening;

    /// <summary>The daemon's ends of the connections that were not accepted yet.</summary>
    public Queue<SimStream> Pending { get; } = [];

    /// <summary>True if a connection more may wait: one more than the backlog, as unix(7) has it.</summary>
    public bool HasRoomForMore => Pending.Count <= Backlog;

    /// <summary>The port it is bound to; also one that the kernel chose.</summary>
    public ushort Port => _port;

    public override FdKind Kind => FdKind.Socket;

    public override SocketShape Shape => _shape;

    public override bool CanBeWatched => true;

    public override bool HasInput => Pending.Count > 0;

    public override bool HasRoom => !IsListening;

    // A stream socket that is neither connected nor listening has hung up.
    public override bool IsBroken => !IsListening && _shape.Type != SocketType.Datagram;

    public static bool IsLocal(in SocketAddress address) =>
        IsEverywhere(address)
        || (address.Domain == SocketDomain.Inet && address.Host[0] == 127)
        || (address.Domain == SocketDomain.Inet6 && address.Host[^1] == 1 && IsZero(address.Host[..^1]));

    public void Open(SocketShape shape, ulong inode)
    {
        _shape = shape;
        _address = default;
        _port = 0;
        Node = null;
        Inode = inode;
        Backlog = NotListening;
        IsBound = false;
        AllowsReuse = false;
        SharesAddress = false;
        IsShutDown = false;
        IsNonblocking = false;
        IsReadable = true;
        IsWritable = true;
    }

    public void SetAddress(in SocketAddress address, ushort port)
    {
        _address = address;
        _port = port;
    }

    /// <summary>True if what comes to an address could be meant for either.</summary>
    public bool Overlaps(SimSocket other) =>
        _port != 0 && _port == other._port && _shape.Type == other._shape.Type && Reaches(other._address);

    /// <summary>True if a connection to this address comes here.</summary>
    public bool Hears(in SocketAddress address) =>
        _port == address.Port && _shape.Type == SocketType.Stream && Reaches(address);

    public override Errno Read(Span<byte> free, out int count) => NotConnected(out count);

    public override Errno Write(ReadOnlySpan<byte> bytes, out int count) => NotConnected(out count);

    public override Errno Receive(Span<byte> free, List<SimFile> passed, out int count) => NotConnected(out count);

    public override void Closed(SimKernel kernel)
    {
        while (Pending.TryDequeue(out SimStream? stream))
        {
            kernel.Release(stream);
        }

        Backlog = NotListening;
        Node = null;
        kernel.GiveBack(this);
    }

    private static Errno NotConnected(out int count)
    {
        count = 0;
        return Errno.ENOTCONN;
    }

    // IPv6's "everywhere" takes in IPv4, too.
    private bool Reaches(in SocketAddress other) =>
        _address.Domain == other.Domain
            ? IsEverywhere(_address) || IsEverywhere(other) || _address.Host.SequenceEqual(other.Host)
            : IsEverywhere(_address.Domain == SocketDomain.Inet6 ? _address : other);

    private static bool IsEverywhere(in SocketAddress address) => IsZero(address.Host);

    private static bool IsZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);
}
