using System;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>The place of the model that a connection has once somebody follows the state.</summary>
internal sealed class StateSlot(Func<Action, CancellationToken, Task> restate)
{
    private DaemonState? _state;

    /// <summary>The model; null while nobody has asked for it.</summary>
    public DaemonState? State => Volatile.Read(ref _state);

    /// <summary>The model, made if there is none yet; true if it was.</summary>
    public bool TryMake(out DaemonState state)
    {
        DaemonState fresh = new(restate);
        DaemonState? before = Interlocked.CompareExchange(ref _state, fresh, null);
        state = before ?? fresh;
        return before is null;
    }
}
