namespace Daemonproxy.Generators.Model;

/// <summary>
/// The version of the protocol that brought a command, an event or an option, if the spec says it, and what to use
/// instead, if it is deprecated.
/// </summary>
internal sealed record LifecycleModel(int? Since, string? Deprecated)
{
    /// <summary>Nothing is said of it.</summary>
    public static LifecycleModel Unknown { get; } = new(null, null);
}
