using System;
using System.Collections.Generic;
using System.Threading;

namespace Daemonproxy.Jobs.Running;

/// <summary>The queue of the engine's loop: any thread adds entries, and the loop takes them in order.</summary>
internal sealed class EngineInbox
{
    private readonly object _gate = new();
    private List<Action> _waiting = [];
    private bool _isCompleted;

    /// <summary>Adds an entry; false if the queue is closed.</summary>
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

    /// <summary>Closes the queue for new entries.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isCompleted = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for an entry or the timeout, and takes all entries.</summary>
    /// <param name="empty">An empty list, which receives the next entries.</param>
    /// <param name="wait">The timeout.</param>
    /// <param name="isLast">True if no more entries will come.</param>
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
