using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>Makes and removes the file of a control socket, never at the cost of somebody else's.</summary>
internal sealed class ControlSocketPath(SystemCalls kernel)
{
    private readonly FixedArray<byte> _path = new(kernel, FixedText.Longest + 1);
    private readonly FixedArray<byte> _beside = new(kernel, FixedText.Longest + 1);

    private static ReadOnlySpan<byte> Suffix => ".new"u8;

    /// <summary>
    /// A nonblocking socket that listens at the path; why there is none, or nothing. <paramref name="own"/> is the file
    /// of a socket of ours, which may be replaced.
    /// </summary>
    public ReadOnlySpan<byte> TryListen(
        ReadOnlySpan<byte> path, scoped in FdIdentity own, int backlog, out FdNumber listener, out FdIdentity file)
    {
        listener = FdNumber.None;
        file = default;
        if (!SocketAddress.TryUnix(path, out SocketAddress address))
        {
            return "the path of a socket has 1 to 107 bytes"u8;
        }

        ReadOnlySpan<byte> reason = CheckPlace(address, own, out bool isTaken);
        if (!reason.IsEmpty)
        {
            return reason;
        }

        // With a path too long to have room beside it, what is there must go first.
        bool isBeside = TryBeside(path, out SocketAddress made);
        made = isBeside ? made : address;
        if (isBeside ? IsDead(made) : isTaken)
        {
            kernel.Unlink(Terminated(_path, made.Path));
        }

        Errno errno = Listen(made, backlog, out listener);
        if (errno == Errno.None)
        {
            errno = kernel.IdentifyPath(Terminated(_path, made.Path), out file);
        }

        if (errno == Errno.None && isBeside)
        {
            errno = kernel.Rename(Terminated(_beside, made.Path), Terminated(_path, path));
        }

        if (errno == Errno.None)
        {
            return default;
        }

        if (!listener.IsNone)
        {
            kernel.Unlink(Terminated(_path, made.Path));
            kernel.Close(listener);
            listener = FdNumber.None;
        }

        return errno.Text();
    }

    /// <summary>
    /// A path that leads to the same place after the directory has changed; as it is, if it would be too long.
    /// </summary>
    public ReadOnlySpan<byte> FromRoot(ReadOnlySpan<byte> path)
    {
        bool isRelative = path[0] != (byte)'/';
        if (!isRelative || kernel.CurrentDirectory(_path.Span, out int length) != Errno.None
            || length + 1 + path.Length > SocketAddress.LongestPath)
        {
            return path;
        }

        _path[length] = (byte)'/';
        path.CopyTo(_path.Span[(length + 1)..]);
        return _path.Span[..(length + 1 + path.Length)];
    }

    /// <summary>Removes the file at a path, if it is this one.</summary>
    public void Remove(ReadOnlySpan<byte> path, in FdIdentity file)
    {
        ReadOnlySpan<byte> terminated = Terminated(_path, path);
        if (kernel.IdentifyPath(terminated, out FdIdentity found) == Errno.None && found.IsSameFile(file))
        {
            kernel.Unlink(terminated);
        }
    }

    // Why a path is not for us to take, or nothing.
    private ReadOnlySpan<byte> CheckPlace(
        scoped in SocketAddress address, scoped in FdIdentity own, out bool isTaken)
    {
        isTaken = kernel.IdentifyPath(Terminated(_path, address.Path), out FdIdentity found) == Errno.None;
        if (!isTaken || (own.Kind == FdKind.Socket && found.IsSameFile(own)))
        {
            return default;
        }

        if (found.Kind != FdKind.Socket)
        {
            return "there is something that is not a socket"u8;
        }

        return kernel.Probe(address) switch
        {
            Errno.ECONNREFUSED or Errno.ENOENT => default,
            Errno.None => "somebody listens there"u8,
            Errno errno => errno.Text(),
        };
    }

    private bool TryBeside(ReadOnlySpan<byte> path, out SocketAddress beside)
    {
        path.CopyTo(_beside.Span);
        Suffix.CopyTo(_beside.Span[path.Length..]);
        return SocketAddress.TryUnix(_beside.Span[..(path.Length + Suffix.Length)], out beside);
    }

    // Left over by one that died between making it and moving it.
    private bool IsDead(in SocketAddress address) =>
        kernel.IdentifyPath(Terminated(_path, address.Path), out FdIdentity found) == Errno.None
        && found.Kind == FdKind.Socket
        && kernel.Probe(address) == Errno.ECONNREFUSED;

    // On failure there is neither a descriptor nor a file.
    private Errno Listen(in SocketAddress address, int backlog, out FdNumber listener)
    {
        Errno errno = kernel.Socket(SocketShape.UnixStream, out listener);
        if (errno != Errno.None)
        {
            return errno;
        }

        errno = kernel.SetNonblocking(listener, true);
        if (errno == Errno.None)
        {
            errno = kernel.Bind(listener, address);
        }

        if (errno == Errno.None)
        {
            errno = kernel.Listen(listener, backlog);
            if (errno != Errno.None)
            {
                kernel.Unlink(Terminated(_path, address.Path));
            }
        }

        if (errno != Errno.None)
        {
            kernel.Close(listener);
            listener = FdNumber.None;
        }

        return errno;
    }

    private static ReadOnlySpan<byte> Terminated(FixedArray<byte> room, ReadOnlySpan<byte> path)
    {
        path.CopyTo(room.Span);
        room[path.Length] = 0;
        return room.Span[..(path.Length + 1)];
    }
}
