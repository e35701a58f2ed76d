using System;
using System.Collections.Generic;
using System.Threading;

namespace Daemonproxy.Jobs.Running;

/// <summary>What comes to the loop of the engine, from any thread, in the order in which it came.</summary>
internal sealed class EngineInbox
{
    private readonly object _gate = new();
    private List<Action> _waiting = [];
    private bool _isCompleted;

    /// <summary>Adds something to be done; false if nothing more is taken.</summary>
    public bool Post(Action action)
    {
        lock (_gate)
        {
            if (_isCompleted)
            {
                return false;
            }

            _waiting.Add(action);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }

            return true;
        }
    }

    /// <summary>Takes nothing more.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isCompleted = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until there is something, or the time is over, and takes all that there is.</summary>
    /// <param name="empty">An empty list, which is filled from then on.</param>
    /// <param name="wait">How long to wait.</param>
    /// <param name="isLast">Whether nothing more will come.</param>
    public List<Action> Take(List<Action> empty, TimeSpan wait, out bool isLast)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && !_isCompleted && wait > TimeSpan.Zero)
            {
                Monitor.Wait(_gate, wait);
            }

            List<Action> taken = _waiting;
            _waiting = empty;
            isLast = _isCompleted;
            return taken;
        }
    }
}
