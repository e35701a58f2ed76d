using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>Somebody who waits for a change of the state.</summary>
internal abstract class StateWaiter
{
    /// <summary>Lets it look at the state. Called in the order of the changes, and quick.</summary>
    /// <param name="state">The state.</param>
    /// <param name="changed">The service that has changed; null if everything may have.</param>
    /// <param name="isOther">True if something has changed that is no service.</param>
    public abstract void Offer(StateReducer state, ServiceName? changed, bool isOther);

    /// <summary>There will be no change any more.</summary>
    public abstract void Fail(Exception end);
}

/// <summary>
/// Looks at one state after the other, on a thread of the pool, so that a slow predicate holds up nobody else. As many
/// states as the queue has room for may wait to be looked at; then the oldest is left out.
/// </summary>
/// <param name="select">Takes what is looked at out of the state, at the moment of the change.</param>
/// <param name="isWanted">The caller's predicate.</param>
/// <param name="names">The services that it looks at; null if it looks at everything.</param>
internal sealed class StateWaiter<T>(
    Func<StateReducer, T> select, Func<T, bool> isWanted, HashSet<ServiceName>? names)
    : StateWaiter, IThreadPoolWorkItem
{
    private const int MostStates = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<T> _states = new();
    private readonly TaskCompletionSource<T> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isLooking;

    /// <summary>Ends with the state that was wanted.</summary>
    public Task<T> Task => _found.Task;

    public override void Offer(StateReducer state, ServiceName? changed, bool isOther)
    {
        if (names is not null && (isOther || (changed is { } name && !names.Contains(name))))
        {
            return;
        }

        lock (_lock)
        {
            if (_states.Count == MostStates)
            {
                _states.Dequeue();
            }

            _states.Enqueue(select(state));
            if (_isLooking)
            {
                return;
            }

            _isLooking = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public override void Fail(Exception end) => _found.TrySetException(end);

    /// <summary>Looks at all states that wait.</summary>
    public void Execute()
    {
        while (!_found.Task.IsCompleted && TryTake(out T? state))
        {
            try
            {
                if (isWanted(state))
                {
                    _found.TrySetResult(state);
                }
            }
#pragma warning disable CA1031 // It is the caller's, who is told.
            catch (Exception problem)
#pragma warning restore CA1031
            {
                _found.TrySetException(problem);
            }
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T state)
    {
        lock (_lock)
        {
            bool isThere = _states.TryDequeue(out state);
            _isLooking = isThere;
            return isThere;
        }
    }
}
