namespace Daemonproxy.Protocol;

/// <summary>A duration in whole seconds.</summary>
internal readonly record struct Seconds(long Value)
{
    /// <summary>How many nanoseconds one second has.</summary>
    public const long Nanoseconds = 1_000_000_000;
}
