using System;
using System.Collections.Generic;
using Daemonproxy.Access;
using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>
/// The control sockets: the one without a name, and those with one. Each takes connections with the access that it has.
/// </summary>
internal sealed class ControlSockets : EventSource, IAccessPolicyUser
{
    private readonly SystemCalls _kernel;
    private readonly StateImage _image;
    private readonly ConnectionTable _connections;
    private readonly AccessPolicies _access;
    private readonly ControlSocket[] _sockets = new ControlSocket[Limits.ControlSockets];
    private int _end;

    public ControlSockets(
        SystemCalls kernel,
        StateImage image,
        Log log,
        ConnectionTable connections,
        HelperTable helpers,
        AccessPolicies access)
    {
        _kernel = kernel;
        _image = image;
        _connections = connections;
        _access = access;
        for (int slot = 0; slot < _sockets.Length; slot++)
        {
            _sockets[slot] = new ControlSocket(kernel, image, log, connections, helpers, slot);
        }
    }

    /// <summary>All slots, used or not; the first is that of the socket without a name.</summary>
    public ReadOnlySpan<ControlSocket> All => _sockets;

    /// <summary>The slots up to the last one in use: later ones need no visit.</summary>
    public ReadOnlySpan<ControlSocket> Used => _sockets.AsSpan(0, _end);

    /// <summary>The one without a name.</summary>
    public ControlSocket Unnamed => _sockets[0];

    /// <summary>True if there is a control socket.</summary>
    public bool IsListening => _end > 0;

    /// <summary>True if the last requested control socket could not be made.</summary>
    public bool IsRefused { get; private set; }

    public bool TryReserve()
    {
        bool isReserved = true;
        foreach (ControlSocket socket in _sockets)
        {
            isReserved &= socket.TryReserve();
        }

        return isReserved;
    }

    /// <summary>A socket was made or deleted, or all were checked by a resume.</summary>
    public void CountUsed()
    {
        _end = 0;
        for (int slot = 0; slot < _sockets.Length; slot++)
        {
            _end = _sockets[slot].Listener.IsNone ? _end : slot + 1;
        }
    }

    /// <summary>Records whether a requested socket was made.</summary>
    public bool Note(bool isMade)
    {
        CountUsed();
        IsRefused = !isMade && !IsListening;
        return isMade;
    }

    /// <summary>The open socket of this name; the name is not empty.</summary>
    public bool TryFind(Name name, out SocketIndex index)
    {
        for (int slot = 1; slot < _sockets.Length; slot++)
        {
            if (!_sockets[slot].Listener.IsNone && _sockets[slot].Record.Name.Value.Bytes.SequenceEqual(name.Bytes))
            {
                index = new SocketIndex(slot);
                return true;
            }
        }

        index = SocketIndex.None;
        return false;
    }

    /// <summary>
    /// The slot for a socket of this name: the one that has it, or a free one; null when there is none.
    /// </summary>
    public ControlSocket? SlotFor(Name name)
    {
        if (name.Bytes.IsEmpty)
        {
            return Unnamed;
        }

        if (TryFind(name, out SocketIndex index))
        {
            return _sockets[index.Value];
        }

        for (int slot = 1; slot < _sockets.Length; slot++)
        {
            if (_sockets[slot].Listener.IsNone)
            {
                return _sockets[slot];
            }
        }

        return null;
    }

    /// <summary>The number of connections that wait because no slot is free for them.</summary>
    public int CountWaiting()
    {
        int waiting = 0;
        foreach (ControlSocket socket in Used)
        {
            waiting += socket.CountWaiting();
        }

        return waiting;
    }

    /// <summary>Removes the files, and keeps listening; <see cref="Restore"/> can undo it.</summary>
    public void RemoveFiles()
    {
        foreach (ControlSocket socket in Used)
        {
            socket.RemoveFile();
        }
    }

    /// <summary>Makes all files again, because the daemon does not end after all.</summary>
    public void Restore()
    {
        foreach (ControlSocket socket in Used)
        {
            socket.Restore();
        }
    }

    /// <summary>Adds the listening descriptors, for the closing of all others.</summary>
    public int CollectNumbers(Span<FdNumber> into)
    {
        int count = 0;
        foreach (ControlSocket socket in Used)
        {
            if (!socket.Listener.IsNone)
            {
                into[count++] = socket.Listener;
            }
        }

        return count;
    }

    public override bool Watches(PollTokenKind kind) => kind == PollTokenKind.ControlSocket;

    public override Instant PrepareWait(Instant now)
    {
        Instant next = Instant.Never;
        foreach (ControlSocket socket in Used)
        {
            next = Instant.Earlier(next, socket.PrepareWait(now));
        }

        return next;
    }

    public override void OnReady(in ReadyDescriptor ready)
    {
        if ((uint)ready.Token.Index < (uint)_sockets.Length)
        {
            _sockets[ready.Token.Index].OnReady(ready);
        }
    }

    public override void Run(TurnStep step, ref Instant now)
    {
        foreach (ControlSocket socket in Used)
        {
            socket.Run(now);
        }
    }

    bool IAccessPolicyUser.Uses(AccessPolicyIndex access)
    {
        bool uses = false;
        foreach (ControlSocket socket in Used)
        {
            uses |= !socket.Listener.IsNone && socket.Access == access;
        }

        return uses;
    }

    /// <summary>After a resume: a connection that was taken, and has no record yet, gets one.</summary>
    /// <param name="others">Descriptors of other owners, which it cannot be.</param>
    public void AdoptAccepted(HashSet<int> others)
    {
        FdNumber accepted = _image.Header.Accepted;
        AccessPolicyIndex access = new(_image.Header.AcceptedAccess);
        bool isConnection = accepted.Value > 2
            && _access.Exists(access)
            && !others.Contains(accepted.Value)
            && _kernel.Identify(accepted, out FdIdentity identity) == Errno.None
            && identity.Kind == FdKind.Socket;
        foreach (Connection connection in _connections.All)
        {
            isConnection &= !connection.IsInUse || connection.Record.Input != accepted;
        }

        if (isConnection)
        {
            _connections.TryOpenAccepted(accepted, access, out _);
        }

        _image.Header.Accepted = FdNumber.None;
    }
}
