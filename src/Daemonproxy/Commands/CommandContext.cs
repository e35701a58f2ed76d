using System;
using Daemonproxy.Connections;
using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>The running command: its sender, its time, and its line. One object for all commands.</summary>
internal sealed class CommandContext(Connection first)
{
    private int _offset;
    private int _length;

    /// <summary>The connection that sent the command.</summary>
    public Connection Connection { get; private set; } = first;

    /// <summary>The time of the turn.</summary>
    public Instant Now { get; private set; }

    /// <summary>The line, without its LF. It lives until the command is done.</summary>
    public ReadOnlySpan<byte> Line => Connection.Line(_offset, _length);

    /// <summary>True if the line has to run again, once its helper has answered.</summary>
    public bool IsPostponed { get; private set; }

    /// <summary>Lets the line run again.</summary>
    public void Postpone() => IsPostponed = true;

    public void Enter(Connection connection, int offset, int length, Instant now)
    {
        // A reference that is stored costs a write barrier, and mostly it is there already.
        if (!ReferenceEquals(Connection, connection))
        {
            Connection = connection;
        }

        _offset = offset;
        _length = length;
        Now = now;
        IsPostponed = false;
    }
}
