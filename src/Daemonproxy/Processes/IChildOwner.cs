using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Processes;

/// <summary>Is notified when a child has ended.</summary>
internal interface IChildOwner
{
    /// <summary>
    /// Deals with the end of a child; false when the child is not one of the owner's. What the owner notes in the
    /// header's work note, the reaper clears.
    /// </summary>
    bool TryEnd(in ReapedChild child, Instant now);
}
