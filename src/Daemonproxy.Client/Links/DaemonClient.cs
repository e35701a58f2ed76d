using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>
/// A client that restores its connection: when the connection is lost, because the daemon was stopped, killed or
/// restarted, or has closed it, the client makes another one as soon as a daemon listens at the path. The model of the
/// state and the subscriptions continue: the model is restated, and a subscription has an <see cref="OverflowEvent"/>
/// where events are missing. <see cref="DaemonCommands"/> has a method for each command.
/// </summary>
/// <remarks>
/// A command never runs twice unless the caller allows it. A command that is called without a connection waits for the
/// next one, and so does a command of which no byte was sent when the connection was lost. A command that may have run
/// fails with a <see cref="ConnectionClosedException"/>, or with an <see cref="AnswerLostException"/> if the connection
/// survived; a command of <see cref="Repeating"/> is sent again instead. <c>exit</c> and <c>terminate</c> are never
/// sent on another connection.
/// </remarks>
public sealed class DaemonClient : IDaemon, IAsyncDisposable
{
    private readonly DaemonClientOptions _options;
    private readonly CommandCarrier _carrier;
    private readonly EventHub _hub = new();
    private readonly StateSlot _slot;
    private readonly StatusLog _log = new(new LinkStatus(LinkState.Lost, "No connection was made yet."));
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Func<CancellationToken, Task<DaemonConnection>> _connect;
    private readonly Task _running;

    // Counts gaps, so that the end of one gap is not mistaken for that of the next.
    private int _gaps;
    private bool _isRestored;
    private bool _isDisposed;

    private DaemonClient(string path, DaemonClientOptions options)
    {
        _options = options;
        _carrier = new CommandCarrier(options.Connection.MostUnsent);
        _slot = new StateSlot(RestateAsync);
        _connect = cancellation => SocketConnector.ConnectAsync(
            path,
            options.Connection,
            transport => new DaemonConnection(transport, options.Connection, _hub, _slot, NoteGap),
            cancellation);
        Repeating = new RepeatingView(this);
        _running = Task.Run(RunAsync);
    }

    /// <summary>The status of the connection.</summary>
    public LinkStatus Status => _log.Current;

    /// <summary>
    /// The same daemon, for commands that may run twice: a command whose answer is lost is sent again. If the
    /// connection survived, it then runs after commands that were called later.
    /// </summary>
    public IDaemon Repeating { get; }

    /// <summary>Starts a client. The client connects in the background, now or when a daemon listens.</summary>
    /// <param name="path">Where the daemon listens: its option <c>--socket</c>, or <c>socket.create</c>.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">The path is empty, or longer than 107 bytes.</exception>
    public static DaemonClient Start(string path, DaemonClientOptions? options = null)
    {
        SocketConnector.CheckPath(path);
        return new DaemonClient(path, options ?? DaemonClientOptions.Default);
    }

    /// <summary>The status now, and each one after it. It ends with the client.</summary>
    /// <param name="cancellation">Ends the sequence.</param>
    public IAsyncEnumerable<LinkStatus> ReadStatusesAsync(CancellationToken cancellation = default) =>
        _log.ReadAsync(cancellation);

    /// <summary>Waits until the client is connected and the state is complete; returns at once if it is.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ObjectDisposedException">The client was disposed of.</exception>
    public async Task WaitForConnectionAsync(CancellationToken cancellation = default)
    {
        await foreach (LinkStatus status in ReadStatusesAsync(cancellation).ConfigureAwait(false))
        {
            if (status.State == LinkState.Connected)
            {
                return;
            }
        }

        throw new ObjectDisposedException(nameof(DaemonClient));
    }

    /// <inheritdoc />
    public Task<CommandResult> RunAsync(DaemonCommand command, CancellationToken cancellation = default) =>
        CallAsync(command, isRepeated: false, cancellation);

    /// <inheritdoc />
    public Task SynchronizeAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var marker = new PendingCommand(
            command: null, retry: (pending, problem) => _carrier.Retry(pending, problem, isRepeated: true));
        _carrier.Begin(marker);
        return marker.WaitAsync(cancellation);
    }

    /// <inheritdoc />
    public IAsyncEnumerable<DaemonEvent> ReadEventsAsync(int capacity, CancellationToken cancellation = default)
    {
        DaemonConnection.CheckCapacity(capacity);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _hub.Subscribe(capacity, cancellation);
    }

    /// <inheritdoc />
    public async Task<DaemonState> FollowStateAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_slot.TryMake(out DaemonState state))
        {
            Forget(state.RefreshAsync(CancellationToken.None));
        }

        await state.Complete.WaitAsync(cancellation).ConfigureAwait(false);
        return state;
    }

    /// <summary>Closes the connection for good. Unfinished commands fail.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            await _running.ConfigureAwait(false);
            return;
        }

        var end = new ConnectionEnd(ConnectionEndKind.Disposed);
        DaemonConnection? connection = _carrier.End(end);
        await _closing.CancelAsync().ConfigureAwait(false);
        if (connection is not null)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        await _running.ConfigureAwait(false);
        _slot.State?.End(new ConnectionClosedException(end, mayHaveRun: false));
        _hub.End();
        Note(new LinkStatus(LinkState.Ended, end.ToString()));
        _closing.Dispose();
    }

    private Task<CommandResult> CallAsync(DaemonCommand command, bool isRepeated, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            cancellation.ThrowIfCancellationRequested();
            _carrier.WaitForRoom(cancellation);
        }
        catch (OperationCanceledException)
        {
            return Task.FromCanceled<CommandResult>(cancellation);
        }

        var pending = new PendingCommand(
            command, retry: (again, problem) => _carrier.Retry(again, problem, isRepeated));
        _carrier.Begin(pending);
        return cancellation.CanBeCanceled ? pending.WaitAsync(cancellation) : pending.Task;
    }

    private async Task RunAsync()
    {
        TimeSpan delay = _options.FirstDelay;
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                DaemonConnection connection = await _connect(_closing.Token).ConfigureAwait(false);
                await ServeAsync(connection).ConfigureAwait(false);
                if (WasRestored())
                {
                    delay = _options.FirstDelay;
                }

                await Task.Delay(Jitter(delay), _closing.Token).ConfigureAwait(false);
            }
            catch (ConnectFailedException problem)
            {
                Note(new LinkStatus(LinkState.Lost, problem.Message, problem));
                await Task.Delay(Jitter(delay), _closing.Token).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            delay = delay * 2 < _options.MostDelay ? delay * 2 : _options.MostDelay;
        }
    }

    // From one connection to its loss.
    private async Task ServeAsync(DaemonConnection connection)
    {
        if (!_carrier.Attach(connection, () => Restore(connection, Status.Reason)))
        {
            // The client was disposed of while it connected.
            await connection.DisposeAsync().ConfigureAwait(false);
            return;
        }

        ConnectionEnd end = await connection.Closed.ConfigureAwait(false);

        // Its last line is read before the first line of the next connection.
        await connection.DisposeAsync().ConfigureAwait(false);
        await connection.Reading.ConfigureAwait(false);
        _carrier.Detach();
        lock (_lock)
        {
            _gaps++;
            Note(new LinkStatus(LinkState.Lost, end.ToString(), end.Cause));
        }

        _slot.State?.Interrupt();
        _hub.Pass(new EventSlot(new OverflowEvent()));
    }

    // True if the last connection was complete: its loss is then a new loss, not a further failure to connect.
    private bool WasRestored()
    {
        lock (_lock)
        {
            bool was = _isRestored;
            _isRestored = false;
            return was;
        }
    }

    // Handles an overflow of this connection. Called by the reading thread.
    private void NoteGap()
    {
        if (_carrier.Connection is { } connection)
        {
            Restore(
                connection,
                "Events were lost: they were not read in time, or the daemon crashed.");
        }
    }

    private void Restore(DaemonConnection connection, string reason)
    {
        int gap;
        lock (_lock)
        {
            gap = ++_gaps;
            Note(new LinkStatus(LinkState.Gap, reason));
        }

        Task restored = _slot.State is { } state
            ? state.RefreshOver(connection)
            : connection.SynchronizeAsync();
        Forget(ConnectAsync(restored, gap));
    }

    private async Task ConnectAsync(Task restored, int gap)
    {
        await restored.ConfigureAwait(false);
        lock (_lock)
        {
            if (gap == _gaps)
            {
                _isRestored = true;
                Note(new LinkStatus(LinkState.Connected, "The state is complete."));
            }
        }
    }

    // Without a connection the state is restated on the next one.
    private Task RestateAsync(Action whenDone, CancellationToken cancellation) =>
        _carrier.Connection is { } connection
            ? connection.RestateAsync(whenDone, cancellation)
            : _slot.State!.Complete.WaitAsync(cancellation);

    private void Note(LinkStatus status)
    {
        lock (_lock)
        {
            if (Status.State != LinkState.Ended)
            {
                _log.Add(status);
            }
        }
    }

    // Clients of the same daemon do not all reconnect at once.
    private static TimeSpan Jitter(TimeSpan delay) => delay * (0.75 + (0.5 * Random.Shared.NextDouble()));

    private static async void Forget(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private sealed class RepeatingView(DaemonClient client) : IDaemon
    {
        public Task<CommandResult> RunAsync(DaemonCommand command, CancellationToken cancellation = default) =>
            client.CallAsync(command, isRepeated: true, cancellation);

        public Task SynchronizeAsync(CancellationToken cancellation = default) =>
            client.SynchronizeAsync(cancellation);

        public IAsyncEnumerable<DaemonEvent> ReadEventsAsync(
            int capacity, CancellationToken cancellation = default) =>
            client.ReadEventsAsync(capacity, cancellation);

        public Task<DaemonState> FollowStateAsync(CancellationToken cancellation = default) =>
            client.FollowStateAsync(cancellation);
    }
}
