using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Helpers;

/// <summary>What asked a helper to look at trees of processes, and is no connection.</summary>
internal interface ITreeOwner
{
    /// <summary>The walk is over.</summary>
    /// <param name="reason">Why it found nothing out; none when it did.</param>
    /// <param name="trees">The trees, as they were given and with what was found.</param>
    /// <param name="now">The time.</param>
    void FinishWalk(Errno reason, in TreePlan trees, Instant now);
}
