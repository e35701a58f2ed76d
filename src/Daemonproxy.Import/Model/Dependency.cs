namespace Daemonproxy.Import.Model;

/// <summary>Another service that a service has to do with.</summary>
/// <param name="Target">What the other one is called in the system it comes from.</param>
/// <param name="Place">Where that is said.</param>
/// <param name="Text">How it is said: <c>Requires=db.service</c>.</param>
internal sealed record Dependency(string Target, SourcePlace Place, string Text)
{
    /// <summary>Whether the order matters, too: one that only starts the other gives way where both wait.</summary>
    public bool IsOrdered { get; init; } = true;
}
