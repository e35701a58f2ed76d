using System.Runtime.InteropServices;
using Daemonproxy.Access;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Descriptors;

/// <summary>The type that fd.state prints; part of the image's layout.</summary>
internal enum FdType : byte
{
    /// <summary>The record is free.</summary>
    None,
    File,
    Reader,
    Writer,
    Socket,
    Special,

    /// <summary>An end of a socketpair.</summary>
    Pair,
}

/// <summary>The connection that a service gets in place of the descriptor; part of the image's layout.</summary>
internal enum ControlFdKind : byte
{
    /// <summary>The descriptor itself.</summary>
    Plain,

    /// <summary>A connection of its own for commands and events.</summary>
    ControlSocket,

    /// <summary>A connection of its own for events.</summary>
    ControlEvent,

    /// <summary>A connection of its own for commands.</summary>
    ControlCommand,
}

/// <summary>The tags of the texts of a descriptor in the arena; part of the image's layout: only append.</summary>
internal enum FdTextTag : byte
{
    /// <summary>The path or the address, as far as it was kept; before it, with a TAB between, the owner.</summary>
    Path,

    /// <summary>The number of tags: behind all of them.</summary>
    Count,
}

/// <summary>A named descriptor. Its text (path, address) is in the text arena.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FdRecord
{
    /// <summary>First, where the name tree looks for it.</summary>
    public FixedName Name;
    public FdType Type;
    public ControlFdKind Role;

    /// <summary>True if commands cannot change the descriptor.</summary>
    public bool IsConstant;

    /// <summary>True if a service has left it with the daemon, FDSTORE of sd_notify(3).</summary>
    public bool IsStored;

    /// <summary>Flags of its type, as the spec numbers them.</summary>
    public uint Flags;

    /// <summary>The descriptor; none for names that stand for a connection.</summary>
    public FdNumber Number;

    /// <summary>The record of the other end of a pipe, or -1.</summary>
    public int Peer;

    /// <summary>The identity of the open file when it was recorded.</summary>
    public FdIdentity Identity;
    public TextRef Text;

    /// <summary>The queue length of a listening socket; 0 if it does not listen.</summary>
    public int Backlog;

    /// <summary>The calls on the descriptor that may block.</summary>
    public FdBlocking Blocking;

    /// <summary>The number of bytes of the text that are the owner of the file, if the flags have one.</summary>
    public byte OwnerBytes;

    /// <summary>The permissions of the file, if the flags have them.</summary>
    public ushort Mode;

    /// <summary>The file that a unix socket was bound to by us; none for all others.</summary>
    public SocketFile File;

    /// <summary>The access through which it was made, which may change it.</summary>
    public AccessPolicyIndex Access;
}
