using System;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>Holds the model of a connection once a caller follows the state.</summary>
internal sealed class StateSlot(Func<Action, CancellationToken, Task> restate)
{
    private DaemonState? _state;

    /// <summary>The model; null until it is requested.</summary>
    public DaemonState? State => Volatile.Read(ref _state);

    /// <summary>Returns the model, and makes it if there is none yet; true if it was made.</summary>
    public bool TryMake(out DaemonState state)
    {
        DaemonState fresh = new(restate);
        DaemonState? before = Interlocked.CompareExchange(ref _state, fresh, null);
        state = before ?? fresh;
        return before is null;
    }
}
