using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Helpers;

/// <summary>What asked a helper to make a control group, and is no connection.</summary>
internal interface IGroupOwner
{
    /// <summary>The helper has ended, or has taken too long.</summary>
    /// <param name="plan">The group, as it was asked for and with what came of it.</param>
    /// <param name="answer">The answer; the descriptor in it is taken, and is none then.</param>
    void FinishGroup(in GroupPlan plan, ref HelperAnswer answer);
}
