using System;

namespace Daemonproxy.Client;

/// <summary>The state of a client's connection.</summary>
public enum LinkState
{
    /// <summary>There is no connection. The client keeps trying to make one.</summary>
    Lost,

    /// <summary>There is a connection, and events were lost: the daemon is restating its state.</summary>
    Gap,

    /// <summary>There is a connection, and the state is complete.</summary>
    Connected,

    /// <summary>The client was disposed of. This is the last state.</summary>
    Ended,
}

/// <summary>The state of a client's connection, with the reason.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">A sentence with the reason of the state.</param>
/// <param name="Cause">The exception behind it; null if there is none.</param>
public sealed record LinkStatus(LinkState State, string Reason, Exception? Cause = null);
