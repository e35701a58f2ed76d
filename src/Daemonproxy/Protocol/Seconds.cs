namespace Daemonproxy.Protocol;

/// <summary>A duration in whole seconds.</summary>
internal readonly record struct Seconds(long Value)
{
    /// <summary>Nanoseconds in one second.</summary>
    public const long Nanoseconds = 1_000_000_000;
}
