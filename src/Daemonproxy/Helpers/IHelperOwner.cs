using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Helpers;

/// <summary>The owner of a helper's task, other than a connection.</summary>
internal interface IHelperOwner
{
    /// <summary>The helper has ended.</summary>
    /// <param name="slot">The helper, with its plan.</param>
    /// <param name="answer">The answer; a descriptor that is taken is none then.</param>
    /// <param name="now">The time.</param>
    void Finish(HelperSlot slot, ref HelperAnswer answer, Instant now);

    /// <summary>
    /// The helper has taken too long and was sent SIGKILL: it may end soon, or never. For an owner that continues
    /// without it; other owners must not start a second helper beside one that hangs.
    /// </summary>
    void GiveUp(HelperSlot slot)
    {
    }
}
