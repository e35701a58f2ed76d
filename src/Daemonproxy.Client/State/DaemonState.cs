using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>
/// A model of the daemon's state that follows its events. When a command is done, the model already shows what it
/// changed, unless the model is not complete.
/// </summary>
public sealed class DaemonState
{
    private readonly Func<Action, CancellationToken, Task> _restate;
    private readonly Lock _lock = new();
    private readonly List<StateWaiter> _waiters = [];
    private TaskCompletionSource _complete = NewSource();
    private Exception? _end;

    // What is shown: it follows the events while nothing is missing.
    private StateReducer _shown = new(StateSnapshot.Empty);

    // What has been told since a statedump was asked for: complete once the daemon has restated everything.
    private StateReducer? _fresh;
    private int _refreshes;

    /// <param name="restate">Runs a statedump, and the action when it is done, before any later event.</param>
    internal DaemonState(Func<Action, CancellationToken, Task> restate) => _restate = restate;

    /// <summary>
    /// The state as it was told last. Immutable, and whole: while something is missing, it is the last state before
    /// that, or empty if there was none.
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
    /// The state as it is; null while something may be missing. Where <see cref="Current"/> would be an old state,
    /// this is none.
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
    /// Ends when nothing is missing any more; a new one after each overflow and each loss of the connection. It fails
    /// with a <see cref="ConnectionClosedException"/> at the end of a connection that does not come back.
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

    /// <summary>A model that shows one state for ever, for tests of controllers.</summary>
    /// <param name="state">The state.</param>
    public static DaemonState Fixed(StateSnapshot state)
    {
        ArgumentNullException.ThrowIfNull(state);
        DaemonState model = new(static (_, _) => Task.CompletedTask) { _shown = new StateReducer(state) };
        model._complete.SetResult();
        return model;
    }

    /// <summary>
    /// Waits until the state is as wanted; at once, if it already is. No change is left out, however short it was,
    /// unless the predicate is 4,096 changes behind; a state that something may be missing from is not looked at.
    /// </summary>
    /// <param name="isWanted">
    /// Tells whether it is. It is called for each change, one after the other, on a thread of the pool.
    /// </param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The state that was wanted.</returns>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    public Task<StateSnapshot> WaitAsync(
        Func<StateSnapshot, bool> isWanted, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        return WaitAsync(
            new StateWaiter<StateSnapshot>(static state => state.Snapshot, isWanted, names: null), cancellation);
    }

    /// <summary>
    /// The same, but the predicate is called for changes of these services alone. It may look at others, but is not
    /// called for them.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="isWanted">Tells whether the state is as wanted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The state that was wanted.</returns>
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
    /// Waits until a service is as wanted; at once, if it already is. This is the cheapest wait: other services cost it
    /// nothing.
    /// </summary>
    /// <param name="service">The name of the service.</param>
    /// <param name="isWanted">Tells whether it is. It gets null while there is no such service.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The service as it was wanted; null if what was wanted is that there is none.</returns>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    public Task<ServiceInfo?> WaitAsync(
        ServiceName service, Func<ServiceInfo?, bool> isWanted, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        return WaitAsync(
            new StateWaiter<ServiceInfo?>(state => state.Find(service), isWanted, [service]), cancellation);
    }

    /// <summary>
    /// Has everything restated. Only what the daemon announces to nobody makes that necessary: <c>signal.clear</c>, and
    /// a control socket without options that was made or deleted.
    /// </summary>
    /// <param name="cancellation">Ends the wait for it.</param>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    public Task RefreshAsync(CancellationToken cancellation = default) => _restate(BeginRefresh(), cancellation);

    /// <summary>Has everything restated over one connection.</summary>
    internal Task RefreshOver(DaemonConnection connection) =>
        connection.RestateAsync(BeginRefresh(), CancellationToken.None);

    /// <summary>Follows an event.</summary>
    internal void Apply(DaemonEvent told)
    {
        lock (_lock)
        {
            _fresh?.Apply(told, out _);
            if (told is OverflowEvent)
            {
                NoteMissing();
            }
            else if (_complete.Task.IsCompletedSuccessfully && _shown.Apply(told, out ServiceName? service))
            {
                Offer(service, isOther: service is null);
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

            // Who does not wait for it is not told by the finalizer either.
            _ = _complete.Task.Exception;
            _waiters.ForEach(waiter => waiter.Fail(end));
            _waiters.Clear();
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

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

    // Of several refreshes the last one counts: the one before may have begun before the last overflow.
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
