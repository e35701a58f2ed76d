using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Sockets: who listens where, and who connects.</summary>
internal sealed unsafe partial class SimKernel
{
    private readonly Stack<SimSocket> _spareSockets = [];
    private readonly List<SimSocket> _bound = [];
    private readonly List<SimFile> _passed = [];
    private ushort _lastPort = 32767;

    /// <summary>Sockets of the internet that are bound and open.</summary>
    public IReadOnlyList<SimSocket> Bound => _bound;

    /// <summary>Somebody connects to the socket at a path; what connect(2) answers, without waiting.</summary>
    public Errno TryConnect(string path, out SimConnection? connection)
    {
        connection = null;
        Errno reason = FindListener(Encoding.Latin1.GetBytes(path), SocketType.Stream, out SimSocket? listener);
        if (reason == Errno.None && !listener!.HasRoomForMore)
        {
            reason = Errno.EAGAIN;
        }

        if (reason == Errno.None)
        {
            SimBuffer there = NewBuffer();
            SimBuffer back = NewBuffer();
            listener!.Pending.Enqueue(Hold(NewStream(there, back, listener.Shape)));
            connection = new SimConnection(this, NewStream(back, there, listener.Shape));
        }

        return reason;
    }

    /// <summary>Somebody connects to the socket at a path, and must succeed.</summary>
    public SimConnection Connect(string path)
    {
        Errno reason = TryConnect(path, out SimConnection? connection);
        return connection ?? throw new SimulationException($"cannot connect to {path}: {reason}");
    }

    /// <summary>The socket of another program at a path, which it listens on, or which it left behind.</summary>
    public void AddForeignSocket(string path, bool isListening)
    {
        SimNode node = AddSocketNode(Encoding.Latin1.GetBytes(path));
        if (isListening)
        {
            SimSocket socket = (SimSocket)Hold(new SimSocket());
            socket.Open(SocketShape.UnixStream, ++_lastInode);
            socket.IsBound = true;
            socket.Backlog = 1;
            socket.Node = node;
            node.Socket = socket;
        }
    }

    public void GiveBack(SimSocket socket)
    {
        _bound.Remove(socket);
        _spareSockets.Push(socket);
    }

    public override Errno SocketPair(SocketShape shape, out FdNumber first, out FdNumber second)
    {
        (first, second) = (FdNumber.None, FdNumber.None);
        Errno reason = EnterWithRoomFor(SimCall.SocketPair, 2);
        reason = reason == Errno.None ? Check(shape) : reason;
        reason = reason == Errno.None && shape.Domain != SocketDomain.Unix ? Errno.ENOTSUP : reason;
        if (reason == Errno.None)
        {
            SimBuffer there = NewBuffer();
            SimBuffer back = NewBuffer();
            first = PutLowest(NewStream(back, there, shape));
            second = PutLowest(NewStream(there, back, shape));
        }

        return reason;
    }

    public override Errno Socket(SocketShape shape, out FdNumber fd)
    {
        fd = FdNumber.None;
        Errno reason = EnterWithRoomFor(SimCall.Socket, 1);
        reason = reason == Errno.None ? Check(shape) : reason;
        if (reason == Errno.None)
        {
            SimSocket socket = _spareSockets.Count > 0 ? _spareSockets.Pop() : new SimSocket();
            socket.Open(shape, ++_lastInode);
            fd = PutLowest(socket);
        }

        return reason;
    }

    public override bool MayLinger(FdNumber fd) =>
        FileOf(fd) is not SimSocket { Shape.Domain: SocketDomain.Inet or SocketDomain.Inet6 };

    /// <summary>True if the daemon is root.</summary>
    public bool OwnsMachine { get; set; } = true;

    public override bool IsRoot() => OwnsMachine;

    // Who connects in a simulation is always the same.
    public override PeerCredentials CredentialsOf(FdNumber connection) => new(new Pid(77), 1000, 1000);

    public override Errno AllowReuse(FdNumber fd)
    {
        Errno reason = Enter(SimCall.AllowReuse, fd, out SimSocket? socket);
        if (socket is not null)
        {
            socket.AllowsReuse = true;
        }

        return reason;
    }

    public override void ShareAddress(FdNumber fd, bool isShared)
    {
        if (FileOf(fd) is SimSocket socket)
        {
            socket.SharesAddress = isShared;
        }
    }

    public override bool IsIntact(FdNumber fd, bool listens) =>
        FileOf(fd) is SimSocket { IsShutDown: false } socket && (!listens || socket.IsListening);

    public override Errno Bind(FdNumber fd, in SocketAddress address)
    {
        Errno reason = Enter(SimCall.Bind, fd, out SimSocket? socket);
        if (reason != Errno.None)
        {
            return reason;
        }

        if (address.Domain != socket!.Shape.Domain)
        {
            // A sockaddr shorter than the socket's own kind is not even looked at.
            bool isShort = address.Bytes.Length < (socket.Shape.Domain == SocketDomain.Inet6 ? 28 : 16);
            return socket.Shape.Domain == SocketDomain.Unix || isShort ? Errno.EINVAL : Errno.EAFNOSUPPORT;
        }

        // A path that is taken is found out first.
        reason = address.Domain == SocketDomain.Unix ? BindPath(socket, address.Path)
            : socket.IsBound ? Errno.EINVAL
            : BindPort(socket, address);
        if (reason == Errno.None)
        {
            socket.IsBound = true;
        }

        return reason;
    }

    public override Errno Listen(FdNumber fd, int backlog)
    {
        Errno reason = Enter(SimCall.Listen, fd, out SimSocket? socket);
        if (reason != Errno.None)
        {
            return reason;
        }

        if (socket!.Shape.Type == SocketType.Datagram)
        {
            return Errno.ENOTSUP;
        }

        if (!socket.IsBound && socket.Shape.Domain == SocketDomain.Unix)
        {
            return Errno.EINVAL;
        }

        foreach (SimSocket other in _bound)
        {
            bool mayShare = other.SharesAddress && socket.SharesAddress;
            if (other != socket && !mayShare && other.IsListening && other.Overlaps(socket))
            {
                return Errno.EADDRINUSE;
            }
        }

        // What was shut down listens again on the internet, and does not in the unix domain.
        socket.IsShutDown &= socket.Shape.Domain == SocketDomain.Unix;
        socket.Backlog = backlog;
        return Errno.None;
    }

    public override Errno Accept(FdNumber listener, out FdNumber connection)
    {
        connection = FdNumber.None;
        Errno reason = Enter(SimCall.Accept, listener, out SimSocket? socket);
        if (reason != Errno.None || !socket!.IsListening)
        {
            return reason != Errno.None ? reason : Errno.EINVAL;
        }

        if (OpenCount >= DescriptorLimit)
        {
            return Errno.EMFILE;
        }

        if (!socket.Pending.TryDequeue(out SimStream? stream))
        {
            return socket.IsNonblocking
                ? Errno.EAGAIN
                : throw new SimulationException("the daemon waits for a connection");
        }

        stream.IsNonblocking = true;
        connection = PutLowest(stream);
        Release(stream);
        return Errno.None;
    }

    public override int CountWaiting(FdNumber listener) =>
        FileOf(listener) is SimSocket socket ? socket.Pending.Count : 0;

    private bool IsBound(in SocketAddress address) =>
        FindListener(address.Path, SocketType.Datagram, out SimSocket? _) is not (Errno.ECONNREFUSED or Errno.ENOENT);

    private Errno Probe(in SocketAddress address)
    {
        Errno reason = EnterWithRoomFor(SimCall.Probe, 1);
        if (reason != Errno.None)
        {
            return reason;
        }

        if (address.Domain == SocketDomain.Unix)
        {
            return FindListener(address.Path, SocketType.Stream, out SimSocket? _);
        }

        foreach (SimSocket socket in _bound)
        {
            if (socket.IsListening && socket.Hears(address))
            {
                return Errno.None;
            }
        }

        return Errno.ECONNREFUSED;
    }

    public override Errno Receive(
        FdNumber fd,
        Span<byte> free,
        ref int filled,
        Span<FdNumber> passed,
        ref int passedCount,
        Span<FdNumber> surplus,
        out int surplusCount)
    {
        surplusCount = 0;
        Errno reason = Faults.Enter(SimCall.Receive);
        if (reason != Errno.None || !IsOpen(fd) || free.IsEmpty)
        {
            return reason != Errno.None ? reason
                : free.IsEmpty ? throw new SimulationException("the daemon has no room to receive") : Errno.EBADF;
        }

        reason = _descriptors[fd.Value].File!.Receive(free, _passed, out int count);
        filled += count;
        foreach (SimFile file in _passed)
        {
            if (OpenCount < DescriptorLimit)
            {
                bool hasRoom = passedCount < passed.Length;
                (hasRoom ? passed : surplus)[hasRoom ? passedCount++ : surplusCount++] = PutLowest(file);
            }

            Release(file);
        }

        _passed.Clear();
        return reason;
    }

    private Errno Enter(SimCall call, FdNumber fd, out SimSocket? socket)
    {
        Errno reason = Faults.Enter(call);
        SimFile? file = FileOf(fd);
        socket = reason == Errno.None ? file as SimSocket : null;
        return reason != Errno.None ? reason
            : file is null ? Errno.EBADF
            : socket is not null ? Errno.None
            : file.Kind == FdKind.Socket ? Errno.EINVAL : Errno.ENOTSOCK;
    }

    private static Errno Check(SocketShape shape) =>
        shape.Domain != SocketDomain.Unix && shape.Type == SocketType.Sequential
            ? Errno.ESOCKTNOSUPPORT
            : Errno.None;

    private Errno BindPath(SimSocket socket, ReadOnlySpan<byte> path)
    {
        Errno reason = Find(path, out SimNode? _);
        if (reason != Errno.ENOENT)
        {
            return reason == Errno.None ? Errno.EADDRINUSE : reason;
        }

        reason = socket.IsBound ? Errno.EINVAL : FindParent(path);
        if (reason == Errno.None)
        {
            socket.Node = AddSocketNode(path);
            socket.Node.Socket = socket;
        }

        return reason;
    }

    private Errno BindPort(SimSocket socket, in SocketAddress address)
    {
        if (!SimSocket.IsLocal(address))
        {
            return Errno.EADDRNOTAVAIL;
        }

        socket.SetAddress(address, address.Port != 0 ? address.Port : ++_lastPort);
        foreach (SimSocket other in _bound)
        {
            bool mayShare = (socket.AllowsReuse && other.AllowsReuse && !other.IsListening)
                || (socket.SharesAddress && other.SharesAddress);
            if (!mayShare && other.Overlaps(socket))
            {
                socket.SetAddress(address, 0);
                return Errno.EADDRINUSE;
            }
        }

        _bound.Add(socket);
        return Errno.None;
    }

    private Errno FindListener(ReadOnlySpan<byte> path, SocketType type, out SimSocket? listener)
    {
        Errno reason = Find(path, out SimNode? node);
        listener = node?.Socket;
        bool isAlive = listener is not null && listener.Node == node && listener.References > 0;
        return reason != Errno.None ? reason
            : node!.IsForbidden ? Errno.EACCES
            : !isAlive ? Errno.ECONNREFUSED
            : listener!.Shape.Type != type ? Errno.EPROTOTYPE
            : listener.IsListening || type == SocketType.Datagram ? Errno.None : Errno.ECONNREFUSED;
    }
}
