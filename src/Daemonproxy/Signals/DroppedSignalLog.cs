using System.Numerics;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Signals;

/// <summary>
/// The signals without a meaning to the daemon: one line of the log at <c>debug</c> for each number and turn, so that
/// their sender can find out that they have no effect.
/// </summary>
internal sealed class DroppedSignalLog(SystemCalls kernel, Log log) : EventSource
{
    public override void Run(TurnStep step, ref Instant now)
    {
        for (ulong dropped = kernel.TakeDroppedSignals(); dropped != 0; dropped &= dropped - 1)
        {
            LogMessages.DroppedSignal(log, new Signal(BitOperations.TrailingZeroCount(dropped) + 1).Text);
        }
    }
}
