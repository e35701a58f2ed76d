using System;
using System.Collections.Generic;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// An open file description: what descriptors of the daemon and of its processes refer to, and what is closed with the
/// last of them.
/// </summary>
internal abstract class SimFile
{
    /// <summary>The number of descriptors, of all processes, that refer to it.</summary>
    public int References { get; set; }

    public ulong Inode { get; set; }

    public bool IsReadable { get; set; }

    public bool IsWritable { get; set; }

    public bool IsNonblocking { get; set; }

    /// <summary>Closing it waits, SO_LINGER of socket(7).</summary>
    public bool Lingers { get; set; }

    /// <summary>True if every write goes to the end (O_APPEND).</summary>
    public bool IsAppending { get; set; }

    public abstract FdKind Kind { get; }

    /// <summary>Its domain and type, if it is a socket.</summary>
    public virtual SocketShape Shape => default;

    /// <summary>True if epoll takes it; what it refuses is always ready.</summary>
    public virtual bool CanBeWatched => false;

    /// <summary>True if a read would not wait.</summary>
    public virtual bool HasInput => true;

    /// <summary>True if poll(2) says that a write of PIPE_BUF bytes would not wait.</summary>
    public virtual bool HasRoom => true;

    /// <summary>EPOLLERR or EPOLLHUP.</summary>
    public virtual bool IsBroken => false;

    public abstract Errno Read(Span<byte> free, out int count);

    /// <summary>Reads as recvmsg(2) with MSG_DONTWAIT: the files sent along are added, and held.</summary>
    public virtual Errno Receive(Span<byte> free, List<SimFile> passed, out int count)
    {
        count = 0;
        return Errno.ENOTSOCK;
    }

    public abstract Errno Write(ReadOnlySpan<byte> bytes, out int count);

    /// <summary>The last descriptor was closed.</summary>
    public abstract void Closed(SimKernel kernel);
}
