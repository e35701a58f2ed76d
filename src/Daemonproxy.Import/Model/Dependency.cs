namespace Daemonproxy.Import.Model;

/// <summary>A dependency on another service.</summary>
/// <param name="Target">The name of the other service in its original system.</param>
/// <param name="Place">The place of the setting.</param>
/// <param name="Text">The setting: <c>Requires=db.service</c>.</param>
internal sealed record Dependency(string Target, SourcePlace Place, string Text)
{
    /// <summary>
    /// True if the order matters, too; in a cycle, a dependency that only starts the other service is dropped first.
    /// </summary>
    public bool IsOrdered { get; init; } = true;
}
