using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>
/// A model of the daemon's state that follows its events. When a command is done, the model already shows its effect,
/// unless the model is incomplete.
/// </summary>
public sealed class DaemonState
{
    private readonly Func<Action, CancellationToken, Task> _restate;
    private readonly Lock _lock = new();
    private readonly List<StateWaiter> _waiters = [];
    private TaskCompletionSource _complete = NewSource();
    private Exception? _end;

    // The visible state: it follows the events while it is complete.
    private StateReducer _shown = new(StateSnapshot.Empty);

    // The state since the request for a statedump: complete once the daemon has restated everything.
    private StateReducer? _fresh;
    private int _refreshes;

    /// <param name="restate">Runs a statedump, and the action when it is done, before any later event.</param>
    internal DaemonState(Func<Action, CancellationToken, Task> restate) => _restate = restate;

    /// <summary>
    /// The last complete state. Immutable. While events are missing, it is the last state before that, or empty if
    /// there was none.
    /// </summary>
    public StateSnapshot Current
    {
        get
        {
            lock (_lock)
            {
                return _shown.Snapshot;
            }
        }
    }

    /// <summary>
    /// The current state; null while events may be missing and <see cref="Current"/> may be outdated.
    /// </summary>
    public StateSnapshot? Whole
    {
        get
        {
            lock (_lock)
            {
                return _complete.Task.IsCompletedSuccessfully ? _shown.Snapshot : null;
            }
        }
    }

    /// <summary>
    /// Completes when the state is complete; a new task after each overflow and each loss of the connection. It fails
    /// with a <see cref="ConnectionClosedException"/> when the connection has ended for good.
    /// </summary>
    public Task Complete
    {
        get
        {
            lock (_lock)
            {
                return _complete.Task;
            }
        }
    }

    /// <summary>False from an overflow or a loss of the connection until everything was restated.</summary>
    public bool IsComplete => Complete.IsCompletedSuccessfully;

    /// <summary>Makes a model with one fixed state, for tests of controllers.</summary>
    /// <param name="state">The state.</param>
    public static DaemonState Fixed(StateSnapshot state)
    {
        ArgumentNullException.ThrowIfNull(state);
        DaemonState model = new(static (_, _) => Task.CompletedTask) { _shown = new StateReducer(state) };
        model._complete.SetResult();
        return model;
    }

    /// <summary>
    /// Waits until the predicate accepts the state; returns at once if it does already. Every change is checked,
    /// however short it was, unless the predicate is 4,096 changes behind. States that may be incomplete are not
    /// checked.
    /// </summary>
    /// <param name="isWanted">
    /// The predicate. It is called for each change, one after the other, on a thread of the pool.
    /// </param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The accepted state.</returns>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    public Task<StateSnapshot> WaitAsync(
        Func<StateSnapshot, bool> isWanted, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        return WaitAsync(
            new StateWaiter<StateSnapshot>(static state => state.Snapshot, isWanted, names: null), cancellation);
    }

    /// <summary>
    /// The same, but the predicate is called only for changes of these services. It may read others.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="isWanted">The predicate.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The accepted state.</returns>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    public Task<StateSnapshot> WaitAsync(
        ReadOnlySpan<ServiceName> services,
        Func<StateSnapshot, bool> isWanted,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        return WaitAsync(
            new StateWaiter<StateSnapshot>(static state => state.Snapshot, isWanted, [.. services]), cancellation);
    }

    /// <summary>
    /// Waits until the predicate accepts a service; returns at once if it does already. This is the cheapest wait:
    /// changes of other services cost nothing.
    /// </summary>
    /// <param name="service">The name of the service.</param>
    /// <param name="isWanted">The predicate. It gets null while there is no such service.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The accepted service; null if the predicate accepted its absence.</returns>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    public Task<ServiceInfo?> WaitAsync(
        ServiceName service, Func<ServiceInfo?, bool> isWanted, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        return WaitAsync(
            new StateWaiter<ServiceInfo?>(state => state.Find(service), isWanted, [service]), cancellation);
    }

    /// <summary>
    /// Requests a statedump. This is only needed after changes that the daemon does not announce: <c>signal.clear</c>,
    /// and a control socket without options that was made or deleted.
    /// </summary>
    /// <param name="cancellation">Ends the wait for it.</param>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    public Task RefreshAsync(CancellationToken cancellation = default) => _restate(BeginRefresh(), cancellation);

    /// <summary>Requests a statedump on one connection.</summary>
    internal Task RefreshOver(DaemonConnection connection) =>
        connection.RestateAsync(BeginRefresh(), CancellationToken.None);

    /// <summary>Follows events.</summary>
    internal void Apply(params ReadOnlySpan<EventSlot> events)
    {
        lock (_lock)
        {
            foreach (EventSlot slot in events)
            {
                Apply(slot.Event!);
            }
        }
    }

    /// <summary>The connection is lost, and another one will be made.</summary>
    internal void Interrupt()
    {
        lock (_lock)
        {
            _fresh = null;
            _refreshes++;
            NoteMissing();
        }
    }

    /// <summary>The connection has ended for ever.</summary>
    internal void End(Exception end)
    {
        lock (_lock)
        {
            _end = end;
            NoteMissing();
            _complete.TrySetException(end);

            // If no caller awaits the task, its finalizer must not report the exception either.
            _ = _complete.Task.Exception;
            _waiters.ForEach(waiter => waiter.Fail(end));
            _waiters.Clear();
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Apply(DaemonEvent received)
    {
        _fresh?.Apply(received, out _);
        if (received is OverflowEvent)
        {
            NoteMissing();
        }
        else if (_complete.Task.IsCompletedSuccessfully && _shown.Apply(received, out ServiceName? service))
        {
            Offer(service, isOther: service is null);
        }
    }

    private void NoteMissing()
    {
        if (_complete.Task.IsCompleted)
        {
            _complete = NewSource();
        }
    }

    private Action BeginRefresh()
    {
        lock (_lock)
        {
            int number = ++_refreshes;
            _fresh = new StateReducer(StateSnapshot.Empty);
            return () => Finish(number);
        }
    }

    // Of several refreshes only the last one counts: an earlier one may have begun before the last overflow.
    private void Finish(int number)
    {
        lock (_lock)
        {
            if (number == _refreshes && _fresh is not null && _end is null)
            {
                _shown = _fresh;
                _fresh = null;
                _complete.TrySetResult();
                Offer(changed: null, isOther: false);
            }
        }
    }

    private void Offer(ServiceName? changed, bool isOther)
    {
        foreach (StateWaiter waiter in _waiters)
        {
            waiter.Offer(_shown, changed, isOther);
        }
    }

    private async Task<T> WaitAsync<T>(StateWaiter<T> waiter, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_end is not null)
            {
                waiter.Fail(_end);
            }
            else
            {
                _waiters.Add(waiter);
                if (_complete.Task.IsCompletedSuccessfully)
                {
                    waiter.Offer(_shown, changed: null, isOther: false);
                }
            }
        }

        try
        {
            return await waiter.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _waiters.Remove(waiter);
            }
        }
    }
}
