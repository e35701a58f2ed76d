using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>An opened file, directory or device: always ready, so epoll refuses it.</summary>
internal sealed class SimRegular : SimFile
{
    private SimNode? _node;
    private int _offset;
    private bool _appends;

    public SimNode Node => _node!;

    public override FdKind Kind => _node!.Kind switch
    {
        SimNodeKind.File => FdKind.File,
        SimNodeKind.Socket => FdKind.Socket,
        _ => FdKind.Other,
    };

    public void Open(SimNode node, OpenMode mode)
    {
        _node = node;
        _offset = 0;
        _appends = (mode & OpenMode.Append) != 0;
        Inode = node.Inode;
        IsWritable = (mode & OpenMode.Write) != 0;
        IsReadable = !IsWritable || (mode & OpenMode.Read) != 0;
        IsNonblocking = (mode & OpenMode.Nonblocking) != 0;
        IsAppending = (mode & OpenMode.Append) != 0;
        if ((mode & OpenMode.Truncate) != 0 && node.Kind == SimNodeKind.File)
        {
            node.Length = 0;
        }
    }

    public override Errno Read(Span<byte> free, out int count)
    {
        count = 0;
        if (!IsReadable)
        {
            return Errno.EBADF;
        }

        if (Node.Kind == SimNodeKind.Directory)
        {
            return Errno.EISDIR;
        }

        ReadOnlySpan<byte> rest = Node.Contents[Math.Min(_offset, Node.Length)..];
        count = Math.Min(free.Length, rest.Length);
        rest[..count].CopyTo(free);
        _offset += count;
        return Errno.None;
    }

    public override Errno Write(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        if (!IsWritable)
        {
            return Errno.EBADF;
        }

        Node.Attempts++;
        if (Node.Kind == SimNodeKind.Full)
        {
            return Errno.ENOSPC;
        }

        count = bytes.Length;
        if (Node.Kind == SimNodeKind.File)
        {
            _offset = _appends ? Node.Length : _offset;
            Node.WriteAt(_offset, bytes);
            _offset += count;
        }

        return Errno.None;
    }

    public override void Closed(SimKernel kernel)
    {
        _node = null;
        kernel.GiveBack(this);
    }
}
