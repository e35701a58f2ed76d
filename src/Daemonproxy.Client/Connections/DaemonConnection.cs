using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client;

/// <summary>
/// One connection to the daemon, as one of its controllers. <see cref="DaemonCommands"/> has a method for each command.
/// All methods may be called from any thread. Commands are run in the order in which their methods were called; there
/// is no need to wait for one before the next. A connection that has ended is not restored; <see cref="DaemonClient"/>
/// restores its connection.
/// </summary>
public sealed partial class DaemonConnection : IDaemon, IAsyncDisposable
{
    private const int ReadSize = 65536;
    private const int MostCapacity = 1 << 24;

    // All lines from before the daemon stopped reading are received already; only a separate descriptor for events
    // stays open.
    private static readonly TimeSpan _lastAnswers = TimeSpan.FromSeconds(2);

    private readonly Transport _transport;
    private readonly LineSender _sender;
    private readonly CommandLedger _ledger;
    private readonly EventHub _hub;
    private readonly StateSlot _slot;

    // Events for the state and the subscriptions: those of one read are passed on together.
    private readonly List<EventSlot> _batch = [];
    private readonly Action? _whenIncomplete;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<ConnectionEnd> _closed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Task _reading;
    private SafeFileHandle? _descriptor;
    private ConnectionEnd? _end;
    private bool _isDisposed;

    private DaemonConnection(Transport transport, ConnectionOptions? options)
    {
        _transport = transport;
        _sender = new LineSender(transport, (options ?? ConnectionOptions.Default).MostUnsent, EndSending);
        _ledger = new CommandLedger(_sender);
        _hub = new EventHub();
        _slot = new StateSlot(RestateAsync);
        _reading = StartReading();
    }

    /// <summary>One of the connections of a client, which owns the events and the state.</summary>
    internal DaemonConnection(
        Transport transport, ConnectionOptions options, EventHub hub, StateSlot slot, Action whenIncomplete)
    {
        _transport = transport;
        _sender = new LineSender(transport, options.MostUnsent, EndSending);
        _ledger = new CommandLedger(_sender);
        _hub = hub;
        _slot = slot;
        _whenIncomplete = whenIncomplete;
        _reading = StartReading();
    }

    /// <summary>Completes at the end of the connection, with its kind and its reason. It never fails.</summary>
    public Task<ConnectionEnd> Closed => _closed.Task;

    /// <summary>Completes when the last line was read.</summary>
    internal Task Reading => _reading;

    private bool OwnsState => _whenIncomplete is null;

    /// <inheritdoc />
    /// <exception cref="NotSupportedException">Only a unix socket can pass descriptors.</exception>
    public Task<CommandResult> RunAsync(DaemonCommand command, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<CommandResult>(cancellation);
        }

        try
        {
            _sender.WaitForRoom(cancellation);
        }
        catch (OperationCanceledException)
        {
            return Task.FromCanceled<CommandResult>(cancellation);
        }

        var pending = new PendingCommand(command);
        Begin(pending);
        return cancellation.CanBeCanceled ? pending.WaitAsync(cancellation) : pending.Task;
    }

    /// <inheritdoc />
    public Task SynchronizeAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var marker = new PendingCommand(command: null);
        _ledger.Begin(marker);
        return marker.Task.WaitAsync(cancellation);
    }

    /// <summary>
    /// Waits until less than <see cref="ConnectionOptions.MostUnsent"/> bytes of commands wait to be sent, or the
    /// connection has ended. A command that is called then does not block its caller.
    /// </summary>
    /// <param name="cancellation">Ends the wait.</param>
    public ValueTask WaitForRoomAsync(CancellationToken cancellation = default) =>
        _sender.WaitForRoomAsync(cancellation);

    /// <inheritdoc />
    public IAsyncEnumerable<DaemonEvent> ReadEventsAsync(int capacity, CancellationToken cancellation = default)
    {
        CheckCapacity(capacity);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _hub.Subscribe(capacity, cancellation);
    }

    /// <inheritdoc />
    public async Task<DaemonState> FollowStateAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        bool isNew = _slot.TryMake(out DaemonState state);
        if (Volatile.Read(ref _end) is { } end)
        {
            state.End(new ConnectionClosedException(end, mayHaveRun: false));
        }
        else if (isNew)
        {
            Forget(state.RefreshAsync(CancellationToken.None));
        }

        await state.Complete.WaitAsync(cancellation).ConfigureAwait(false);
        return state;
    }

    /// <summary>
    /// Closes the connection. Unfinished commands may run or not; they fail with a
    /// <see cref="ConnectionClosedException"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        End(new ConnectionEnd(ConnectionEndKind.Disposed));
        await _transport.DisposeAsync().ConfigureAwait(false);

        // A read of a pipe ends only when data arrive.
        if (_transport.TakesDescriptors)
        {
            await _reading.ConfigureAwait(false);
            _transport.EndReading();
        }
    }

    /// <summary>Checks the capacity of a subscription.</summary>
    internal static void CheckCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MostCapacity);
    }

    /// <summary>Calls a command without waiting for room.</summary>
    /// <exception cref="NotSupportedException">The connection cannot pass descriptors.</exception>
    internal void Begin(PendingCommand command)
    {
        if (command.Sent is not null && !_transport.TakesDescriptors)
        {
            var problem = new NotSupportedException("Only a unix socket can pass descriptors.");
            command.Fail(problem);
            throw problem;
        }

        _ledger.Begin(command);
    }

    /// <summary>Blocks the caller's thread until there is room.</summary>
    internal void WaitForRoom(CancellationToken cancellation) => _sender.WaitForRoom(cancellation);

    /// <summary>Runs a statedump, and then an action, before any later event is handled.</summary>
    internal Task RestateAsync(Action whenDone, CancellationToken cancellation)
    {
        var command = new PendingCommand(new DaemonCommand("statedump"), whenDone);
        _ledger.Begin(command);
        return command.Task.WaitAsync(cancellation);
    }

    private Task StartReading() => _transport.WaitsOnThread
        ? Task.Factory.StartNew(
            ReadAsync, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default).Unwrap()
        : Task.Run(ReadAsync);

    // Streams throw various exceptions; after any of them no more can be read.
    private async Task ReadAsync()
    {
        Task reading = ReadLinesAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        PassOn();
        _descriptor?.Dispose();
        Exception? cause = reading.Exception?.InnerException;
        End(new ConnectionEnd(
            cause is not null ? ConnectionEndKind.Broken
            : _ledger.IsEndAsked ? ConnectionEndKind.Asked
            : ConnectionEndKind.ByDaemon,
            cause));
    }

    private async Task ReadLinesAsync()
    {
        var splitter = new LineSplitter(TakeLine);
        byte[] buffer = new byte[ReadSize];
        List<SafeFileHandle> arrived = [];
        int count;
        while ((count = await _transport.ReadAsync(buffer, arrived, _closing.Token).ConfigureAwait(false)) > 0)
        {
            int last = arrived.Count == 0 ? 0 : buffer.AsSpan(0, count - 1).LastIndexOf((byte)'\n') + 1;
            splitter.Add(buffer.AsSpan(0, last));
            TakeDescriptors(arrived);
            splitter.Add(buffer.AsSpan(last, count - last));
            PassOn();
        }
    }

    // They belong to the line that is completed next.
    private void TakeDescriptors(List<SafeFileHandle> arrived)
    {
        foreach (SafeFileHandle descriptor in arrived)
        {
            _descriptor?.Dispose();
            _descriptor = descriptor;
        }

        arrived.Clear();
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        if (_descriptor is null)
        {
            TakeLine(line, descriptor: null);
            return;
        }

        using SafeFileHandle descriptor = _descriptor;
        _descriptor = null;
        TakeLine(line, descriptor);
    }

    private void TakeLine(ReadOnlySpan<byte> line, SafeFileHandle? descriptor)
    {
        if (_ledger.IsMarker(line, out long number))
        {
            // A caller that awaits the command then finds its events, and the state shows them.
            PassOn();
            _ledger.Finish(number);
            return;
        }

        DaemonEvent received = EventParser.Read(line);
        if (!_ledger.Handle(received, descriptor) && (_hub.HasSubscriptions || _slot.State is not null))
        {
            _batch.Add(new EventSlot(received));
        }

        if (received is OverflowEvent)
        {
            PassOn();
            TakeOverflow();
        }
    }

    private void PassOn()
    {
        if (_batch.Count > 0)
        {
            ReadOnlySpan<EventSlot> events = CollectionsMarshal.AsSpan(_batch);
            _slot.State?.Apply(events);
            _hub.Pass(events);
            _batch.Clear();
        }
    }

    private void TakeOverflow()
    {
        _ledger.NoteOverflow();
        _whenIncomplete?.Invoke();

        // Completes commands whose markers are lost, and brings the state up to date.
        if (OwnsState)
        {
            Forget(_slot.State is { } state ? state.RefreshAsync(CancellationToken.None) : SynchronizeAsync());
        }
    }

    // No caller waits for this statedump. If it fails, the state and the waiting commands get the error.
    private static async void Forget(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    // Answers from before the daemon stopped reading are still to be read; the reader ends the connection.
    private void EndSending(Exception problem)
    {
        var end = new ConnectionEnd(ConnectionEndKind.Broken, problem);
        _ledger.Refuse(end);
        Forget(EndLaterAsync(end));
    }

    private async Task EndLaterAsync(ConnectionEnd end)
    {
        await _reading.WaitAsync(_lastAnswers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ledger.End(end);
    }

    private void End(ConnectionEnd end)
    {
        end = Interlocked.CompareExchange(ref _end, end, null) ?? end;
        _closing.Cancel();
        _transport.StopReading();

        // Whoever learns that a command has failed does not find a state that counts as whole.
        if (!OwnsState)
        {
            _slot.State?.Interrupt();
        }

        _ledger.End(end);
        if (OwnsState)
        {
            _hub.End();
            _slot.State?.End(new ConnectionClosedException(end, mayHaveRun: false));
        }

        _closed.TrySetResult(end);
    }
}
