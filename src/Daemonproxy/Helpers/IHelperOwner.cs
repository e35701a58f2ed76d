using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Helpers;

/// <summary>What asks helpers for a task, and is no connection.</summary>
internal interface IHelperOwner
{
    /// <summary>The helper has ended.</summary>
    /// <param name="slot">The helper, with its plan.</param>
    /// <param name="answer">The answer; a descriptor that is taken is none then.</param>
    /// <param name="now">The time.</param>
    void Finish(HelperSlot slot, ref HelperAnswer answer, Instant now);

    /// <summary>
    /// The helper has taken too long and was sent SIGKILL: it may end soon, or never. For an owner that goes on without
    /// it; one that does not wants no second helper beside one that hangs.
    /// </summary>
    void GiveUp(HelperSlot slot)
    {
    }
}
