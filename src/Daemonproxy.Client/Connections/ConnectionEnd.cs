using System;

namespace Daemonproxy.Client;

/// <summary>The kind of end of a connection.</summary>
public enum ConnectionEndKind
{
    /// <summary>
    /// The daemon ended, was killed, or closed this connection, without a command of this side.
    /// </summary>
    ByDaemon,

    /// <summary>The daemon closed it as the answer to a command: <c>exit</c> or <c>terminate</c>.</summary>
    Asked,

    /// <summary>This side closed it: <c>DisposeAsync</c>.</summary>
    Disposed,

    /// <summary>Reading or writing failed.</summary>
    Broken,
}

/// <summary>Why a connection ended.</summary>
/// <param name="Kind">The side that ended it, and why.</param>
/// <param name="Cause">The exception of a failed read or write; null otherwise.</param>
public sealed record ConnectionEnd(ConnectionEndKind Kind, Exception? Cause = null)
{
    /// <summary>A sentence.</summary>
    public override string ToString() => Kind switch
    {
        ConnectionEndKind.ByDaemon => "The daemon has closed the connection.",
        ConnectionEndKind.Asked => "The connection ended, as a command had asked.",
        ConnectionEndKind.Disposed => "The connection was closed by this program.",
        _ => $"The connection broke: {Cause?.Message}",
    };
}
