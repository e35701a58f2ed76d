using System;

namespace Daemonproxy.Client;

/// <summary>How a client stands with its daemon.</summary>
public enum LinkState
{
    /// <summary>There is no connection. The client goes on trying to make one.</summary>
    Lost,

    /// <summary>There is a connection, and something was missed: the daemon is restating its state.</summary>
    Gap,

    /// <summary>There is a connection, and nothing is missing.</summary>
    Connected,

    /// <summary>The client was disposed of. This is the last state.</summary>
    Ended,
}

/// <summary>How a client stands with its daemon, and why.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">A sentence that says why: what was lost, or why no connection was made.</param>
/// <param name="Cause">The exception behind it; null if there is none.</param>
public sealed record LinkStatus(LinkState State, string Reason, Exception? Cause = null);
