using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The filesystem by name: what is there, is moved and is removed.</summary>
internal sealed unsafe partial class SimKernel
{
    private const uint SocketMode = (12 << 12) | 0x1C0;
    private const uint DirectoryMode = (4 << 12) | 0x1C0;

    // Nodes of removed sockets, by the path they had: to bind there again allocates nothing.
    private readonly Dictionary<string, SimNode> _spareSocketNodes = new(StringComparer.Ordinal);

    /// <summary>Relative paths begin here; empty is the root, written as nothing.</summary>
    public string WorkingDirectory { get; private set; } = string.Empty;

    private Errno ChangeDirectory(ReadOnlySpan<byte> path)
    {
        Errno reason = Faults.Enter(SimCall.ChangeDirectory);
        SimNode? node = null;
        bool isRoot = path[..^1].SequenceEqual("/"u8);
        if (reason == Errno.None && !isRoot)
        {
            reason = Find(path[..^1], out node);
        }

        if (reason == Errno.None && !isRoot)
        {
            reason = node!.Kind != SimNodeKind.Directory ? Errno.ENOTDIR
                : node.IsForbidden ? Errno.EACCES : Errno.None;
        }

        if (reason == Errno.None)
        {
            WorkingDirectory = isRoot ? string.Empty : PathOf(path[..^1]);
        }

        return reason;
    }

    private Errno CurrentDirectory(Span<byte> room, out int length)
    {
        string path = WorkingDirectory.Length == 0 ? "/" : WorkingDirectory;
        length = 0;
        Errno reason = Faults.Enter(SimCall.CurrentDirectory);
        reason = reason == Errno.None && path.Length >= room.Length ? Errno.ERANGE : reason;
        if (reason == Errno.None)
        {
            length = Encoding.Latin1.GetBytes(path, room);
        }

        return reason;
    }

    private Errno IdentifyPath(ReadOnlySpan<byte> path, out FdIdentity identity)
    {
        identity = default;
        Errno reason = Faults.Enter(SimCall.IdentifyPath);
        SimNode? node = null;
        if (reason == Errno.None)
        {
            reason = Find(path[..^1], out node);
        }

        if (reason == Errno.None)
        {
            identity.Device = 1;
            identity.Inode = node!.Inode;
            identity.Kind = node.Kind switch
            {
                SimNodeKind.File => FdKind.File,
                SimNodeKind.Socket => FdKind.Socket,
                _ => FdKind.Other,
            };
            identity.Mode = node.Kind switch
            {
                SimNodeKind.Socket => SocketMode,
                SimNodeKind.Directory => DirectoryMode,
                _ => ModeOf(identity.Kind),
            };
        }

        return reason;
    }

    private Errno Unlink(ReadOnlySpan<byte> path)
    {
        Errno reason = Faults.Enter(SimCall.Unlink);
        SimNode? node = null;
        if (reason == Errno.None)
        {
            reason = Find(path[..^1], out node);
        }

        if (reason == Errno.None && node!.Kind == SimNodeKind.Directory)
        {
            reason = Errno.EISDIR;
        }

        if (reason == Errno.None)
        {
            Remove(node!);
        }

        return reason;
    }

    private Errno Rename(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        Errno reason = Faults.Enter(SimCall.Rename);
        SimNode? node = null;
        if (reason == Errno.None)
        {
            reason = Find(from[..^1], out node);
        }

        if (reason != Errno.None)
        {
            return reason;
        }

        reason = Find(to[..^1], out SimNode? over);
        reason = reason == Errno.ENOENT ? FindParent(to[..^1]) : reason;
        if (reason != Errno.None || over == node)
        {
            return reason;
        }

        if (node!.Kind == SimNodeKind.Directory)
        {
            throw new SimulationException("the daemon renames a directory");
        }

        if (over is { Kind: SimNodeKind.Directory })
        {
            return Errno.EISDIR;
        }

        if (node.Kind == SimNodeKind.Socket)
        {
            MoveSocket(node, over, to[..^1]);
            return Errno.None;
        }

        string path = over?.Path ?? KeptPath(to[..^1]);
        if (over is not null)
        {
            Remove(over);
        }

        _nodes.Remove(node.Path);
        node.Path = path;
        _nodes[path] = node;
        return Errno.None;
    }

    // The node of a socket belongs to its path, so that the next one there allocates nothing: what it leads to moves.
    private void MoveSocket(SimNode node, SimNode? over, ReadOnlySpan<byte> to)
    {
        SimSocket? socket = node.Socket;
        ulong inode = node.Inode;
        (uint? permissions, FileOwner? owner) = (node.Permissions, node.Owner);
        if (over is not null)
        {
            Remove(over);
        }

        Remove(node);
        SimNode moved = AddSocketNode(to);
        moved.Inode = inode;
        moved.Permissions = permissions;
        moved.Owner = owner;
        moved.Socket = socket;
        if (socket is not null)
        {
            socket.Node = moved;
        }
    }

    private SimNode AddSocketNode(ReadOnlySpan<byte> path)
    {
        string text = KeptPath(path);
        if (!_spareSocketNodes.Remove(text, out SimNode? node))
        {
            node = new SimNode(text, SimNodeKind.Socket, 0);
        }

        node.Path = text;
        node.Inode = ++_lastInode;
        node.IsForbidden = false;
        node.Permissions = null;
        node.Owner = null;
        _nodes[text] = node;
        return node;
    }

    private void Remove(SimNode node)
    {
        _nodes.Remove(node.Path);
        if (node.Kind == SimNodeKind.Socket)
        {
            if (node.Socket is not null && node.Socket.Node == node)
            {
                node.Socket.Node = null;
            }

            node.Socket = null;
            _spareSocketNodes[node.Path] = node;
        }
    }

    // The text of a path, if it was used before the same one again.
    private string KeptPath(ReadOnlySpan<byte> path)
    {
        Span<char> text = stackalloc char[LongestPath];
        int length = Encoding.Latin1.GetChars(path, text);
        bool isKept = _spareSocketNodes.GetAlternateLookup<ReadOnlySpan<char>>()
            .TryGetValue(text[..length], out string? kept, out SimNode? _);
        return isKept && !IsRelative(path) ? kept! : PathOf(path);
    }
}
