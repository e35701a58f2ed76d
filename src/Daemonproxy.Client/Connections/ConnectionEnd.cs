using System;

namespace Daemonproxy.Client;

/// <summary>Who ended a connection.</summary>
public enum ConnectionEndKind
{
    /// <summary>
    /// The daemon, and nobody here had asked for it: it ended or was killed, or it closed this connection.
    /// </summary>
    ByDaemon,

    /// <summary>The daemon, because a command asked for it: <c>exit</c> or <c>terminate</c>.</summary>
    Asked,

    /// <summary>This side: <c>DisposeAsync</c>.</summary>
    Disposed,

    /// <summary>Reading or writing failed.</summary>
    Broken,
}

/// <summary>Why a connection ended.</summary>
/// <param name="Kind">Who ended it.</param>
/// <param name="Cause">What failed, if something did.</param>
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
