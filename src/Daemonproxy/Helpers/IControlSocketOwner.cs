using Daemonproxy.Kernel;

namespace Daemonproxy.Helpers;

/// <summary>What asked a helper to look after the control socket, and is no connection.</summary>
internal interface IControlSocketOwner
{
    /// <summary>The helper has ended.</summary>
    /// <param name="slot">The helper.</param>
    /// <param name="answer">The answer; the descriptor in it is taken, and is none then.</param>
    void FinishControlSocket(HelperSlot slot, ref HelperAnswer answer);
}
