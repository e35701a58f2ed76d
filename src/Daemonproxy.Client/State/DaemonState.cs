using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>
/// A model of the daemon's state that follows its events. When a command is done, the model already shows what it
/// changed.
/// </summary>
public sealed class DaemonState
{
    private readonly DaemonConnection _connection;
    private readonly Lock _lock = new();
    private readonly List<StateWaiter> _waiters = [];
    private TaskCompletionSource _complete = NewSource();
    private Exception? _end;

    // What has been told since the last overflow: complete once the daemon has restated everything.
    private StateSnapshot? _fresh;
    private int _refreshes;

    internal DaemonState(DaemonConnection connection) => _connection = connection;

    /// <summary>The state as far as it was told.</summary>
    public StateSnapshot Current
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    } = StateSnapshot.Empty;

    /// <summary>
    /// Ends when nothing is missing any more; a new one after each overflow, and after the end of the connection, with
    /// which everything is missing that comes.
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

    /// <summary>False from an overflow until everything was restated.</summary>
    public bool IsComplete => Complete.IsCompletedSuccessfully;

    /// <summary>
    /// Waits until the state is as wanted; at once, if it already is. No change is left out, however short it was; only
    /// a state that something may be missing from is not looked at.
    /// </summary>
    /// <param name="isWanted">
    /// Tells whether it is. It is called for each change, on the thread that reads, so it should be quick.
    /// </param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The state that was wanted.</returns>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    public async Task<StateSnapshot> WaitAsync(
        Func<StateSnapshot, bool> isWanted, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        var waiter = new StateWaiter(isWanted);
        lock (_lock)
        {
            _waiters.Add(waiter);
            ServeWaiters();
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

    /// <summary>Has everything restated, which nothing but <c>signal.clear</c> makes necessary.</summary>
    public Task RefreshAsync()
    {
        int number;
        lock (_lock)
        {
            number = ++_refreshes;
            _fresh = StateSnapshot.Empty;
        }

        return _connection.RunAsync(new CommandLine("statedump"), () => Finish(number));
    }

    internal void Apply(DaemonEvent told)
    {
        lock (_lock)
        {
            StateSnapshot before = Current;
            Current = StateReducer.Apply(before, told);
            _fresh = _fresh is null ? null : StateReducer.Apply(_fresh, told);
            if (told is OverflowEvent && _complete.Task.IsCompleted)
            {
                _complete = NewSource();
            }

            if (!ReferenceEquals(before, Current))
            {
                ServeWaiters();
            }
        }
    }

    internal void End(Exception end)
    {
        lock (_lock)
        {
            _end = end;
            _complete = _complete.Task.IsCompleted ? NewSource() : _complete;
            _complete.TrySetException(end);

            // Who does not wait for it is not told by the finalizer either.
            _ = _complete.Task.Exception;
            ServeWaiters();
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Of several refreshes the last one counts: the one before may have begun before the last overflow.
    private void Finish(int number)
    {
        lock (_lock)
        {
            if (number == _refreshes && _fresh is not null)
            {
                Current = _fresh;
                _fresh = null;
                _complete.TrySetResult();
                ServeWaiters();
            }
        }
    }

    private void ServeWaiters()
    {
        bool isComplete = _complete.Task.IsCompletedSuccessfully && _end is null;
        _waiters.RemoveAll(waiter => isComplete && waiter.TryFinish(Current));
        if (_end is not null)
        {
            _waiters.ForEach(waiter => waiter.Fail(_end));
            _waiters.Clear();
        }
    }
}
