using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>A waiter for a change of the state.</summary>
internal abstract class StateWaiter
{
    /// <summary>Passes a state to the waiter. Called in the order of the changes; returns quickly.</summary>
    /// <param name="state">The state.</param>
    /// <param name="changed">The changed service; null if everything may have changed.</param>
    /// <param name="isOther">True if something other than a service has changed.</param>
    public abstract void Offer(StateReducer state, ServiceName? changed, bool isOther);

    /// <summary>Handles the end of the changes.</summary>
    public abstract void Fail(Exception end);
}

/// <summary>
/// Checks one state after the other, on a thread of the pool, so that a slow predicate delays no other code. When the
/// queue of states is full, the oldest is left out.
/// </summary>
/// <param name="select">Extracts the checked value from the state, at the moment of the change.</param>
/// <param name="isWanted">The caller's predicate.</param>
/// <param name="names">The services that are checked; null for all.</param>
internal sealed class StateWaiter<T>(
    Func<StateReducer, T> select, Func<T, bool> isWanted, HashSet<ServiceName>? names)
    : StateWaiter, IThreadPoolWorkItem
{
    private const int MostStates = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<T> _states = new();
    private readonly TaskCompletionSource<T> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isLooking;

    /// <summary>Completes with the accepted state.</summary>
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

    /// <summary>Checks all waiting states.</summary>
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
#pragma warning disable CA1031 // The exception of the caller's predicate goes to the caller.
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
