namespace Daemonproxy.Import.Model;

/// <summary>An address of a listener, in the form of the key <c>listen</c>.</summary>
/// <param name="Name">The name of the descriptor.</param>
/// <param name="Address">Kind and address: <c>tcp:*:80</c>.</param>
internal sealed record ImportedListener(string Name, string Address)
{
    /// <summary>The mode of the file of a unix socket; empty for the default.</summary>
    public string Mode { get; init; } = "";

    /// <summary>Its owner, <c>USER:GROUP</c>; empty for the daemon's.</summary>
    public string Owner { get; init; } = "";

    /// <summary>The most clients that may wait; 0 for the default.</summary>
    public int Backlog { get; init; }

    /// <summary>True if accept(2) never waits.</summary>
    public bool IsNonblocking { get; init; }
}
