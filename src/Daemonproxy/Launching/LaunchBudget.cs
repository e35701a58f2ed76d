using Daemonproxy.Protocol;

namespace Daemonproxy.Launching;

/// <summary>
/// The services that one turn tries to launch, before controllers are served again: at most
/// <see cref="Limits.LaunchesPerTurn"/>, or for 2 ms. If a controller has talked in the last second, the first process
/// that is made ends it, too.
/// </summary>
/// <param name="begin">The time at which the launches of the turn begin.</param>
internal struct LaunchBudget(Instant begin)
{
    /// <summary>
    /// 2 ms: a launch takes 0.1 to 0.5 ms, so that eight of them usually fit; and a controller does not notice a delay
    /// that is short against the 4 ms or more for which a busy machine gives the processor to another process.
    /// </summary>
    public const long MostNanoseconds = 2_000_000;

    private int _launches;

    /// <summary>True if one more launch may begin at this time.</summary>
    public readonly bool Allows(Instant now) =>
        _launches < Limits.LaunchesPerTurn && now.Nanoseconds - begin.Nanoseconds <= MostNanoseconds;

    /// <summary>Counts a launch.</summary>
    public void Take() => _launches++;
}
