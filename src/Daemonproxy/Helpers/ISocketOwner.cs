using Daemonproxy.Kernel;

namespace Daemonproxy.Helpers;

/// <summary>What asked a helper to make a socket anew, and is no connection.</summary>
internal interface ISocketOwner
{
    /// <summary>The helper has ended, or has taken too long.</summary>
    /// <param name="slot">The slot, which has the plan, and the path of the working directory.</param>
    /// <param name="answer">The answer; a descriptor that is taken is none then.</param>
    void FinishSocket(HelperSlot slot, ref HelperAnswer answer);
}
