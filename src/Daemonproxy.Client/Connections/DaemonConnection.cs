using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client;

/// <summary>
/// A connection to the daemon, as one of its controllers: a method for each command, the stream of events, and a model
/// of the daemon's state. All methods may be called from any thread. Commands are run in the order in which their
/// methods were called; there is no need to wait for one before the next.
/// </summary>
public sealed partial class DaemonConnection : IAsyncDisposable
{
    // A few seconds of a very busy daemon; some tens of megabytes at worst.
    private const int EventCapacity = 65536;
    private const int ReadSize = 65536;

    // What the daemon told before it stopped reading is there already; only a descriptor of its own for events stays.
    private static readonly TimeSpan _lastAnswers = TimeSpan.FromSeconds(2);

    private readonly Transport _transport;
    private readonly LineSender _sender;
    private readonly CommandLedger _ledger = new();
    private readonly EventQueue _events = new(EventCapacity);
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private SafeFileHandle? _descriptor;
    private DaemonState? _state;
    private ConnectionClosedException? _end;

    internal DaemonConnection(Transport transport)
    {
        _transport = transport;
        _sender = new LineSender(transport);
        _ = Task.Run(ReadAsync);
        _ = Task.Run(SendAsync);
    }

    /// <summary>Ends with the connection, whoever ended it and why.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Connects to the control socket at a path.</summary>
    /// <param name="path">Where the daemon listens: its option <c>--socket</c>, or <c>socket.create</c>.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="TimeoutException">The daemon does not answer within 10 seconds.</exception>
    public static Task<DaemonConnection> ConnectAsync(string path, CancellationToken cancellation = default) =>
        ConnectAsync(path, ConnectLimit, cancellation);

    /// <summary>Connects to the control socket at a path, and waits for the first answer.</summary>
    /// <param name="path">Where the daemon listens: its option <c>--socket</c>, or <c>socket.create</c>.</param>
    /// <param name="limit">How long to wait. A daemon all of whose places for controllers are taken answers when one
    /// of them is free.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="TimeoutException">The daemon does not answer in time.</exception>
    public static async Task<DaemonConnection> ConnectAsync(
        string path, TimeSpan limit, CancellationToken cancellation = default)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(limit);
        DaemonConnection? connection = null;
        try
        {
            connection = await OpenAsync(path, limited.Token).ConfigureAwait(false);
            await connection.SynchronizeAsync().WaitAsync(limited.Token).ConfigureAwait(false);
            return connection;
        }
        catch (OperationCanceledException problem) when (!cancellation.IsCancellationRequested)
        {
            await CloseAsync(connection).ConfigureAwait(false);
            throw new TimeoutException($"The daemon at {path} has no place for another controller.", problem);
        }
        catch
        {
            await CloseAsync(connection).ConfigureAwait(false);
            throw;
        }
    }

    private static ValueTask CloseAsync(DaemonConnection? connection) => connection?.DisposeAsync() ?? default;

    private static async Task<DaemonConnection> OpenAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new DaemonConnection(Transport.Over(socket));
    }

    /// <summary>
    /// Takes the descriptors that this process was started with as a service of the daemon: <c>control.event</c> and
    /// <c>control.cmd</c>, in that order, or twice the number of <c>control.socket</c>. Nothing else may read or write
    /// them: with the defaults, what is printed by <see cref="Console.Write(string)"/> would be run as commands.
    /// </summary>
    /// <param name="events">The number of the descriptor that events come from.</param>
    /// <param name="commands">The number of the descriptor that commands go to.</param>
    public static DaemonConnection Inherit(int events = 0, int commands = 1) =>
        new(Transport.Over(events, commands));

    /// <summary>Talks over two streams, such as those of a process that was started with <c>-i</c>.</summary>
    /// <param name="events">Where events come from.</param>
    /// <param name="commands">Where commands go to.</param>
    public static DaemonConnection Over(Stream events, Stream commands)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(commands);
        return new DaemonConnection(new Transport(events, commands, sender: null, receiver: null));
    }

    /// <summary>
    /// The events, from when the connection was made; what is answered to commands is among them, except for their
    /// errors and warnings. It ends with the connection. Several readers share the events among them. Events that
    /// nobody reads are kept, up to 65,536; then they are discarded, and the next one is an
    /// <see cref="OverflowEvent"/>.
    /// </summary>
    /// <param name="cancellation">Ends the reading, not the connection.</param>
    public IAsyncEnumerable<DaemonEvent> ReadEventsAsync(CancellationToken cancellation = default) =>
        _events.ReadAllAsync(cancellation);

    /// <summary>
    /// The model of the daemon's state, once it is complete. From then on it follows the events, and completes itself
    /// again after an overflow. What the daemon restates for it is in the stream of events as well.
    /// </summary>
    /// <param name="cancellation">Ends the waiting for it.</param>
    /// <exception cref="ConnectionClosedException">The connection ended before that.</exception>
    public async Task<DaemonState> FollowStateAsync(CancellationToken cancellation = default)
    {
        DaemonState fresh = new(this);
        DaemonState state = Interlocked.CompareExchange(ref _state, fresh, null) ?? fresh;
        if (Volatile.Read(ref _end) is { } end)
        {
            state.End(end);
        }
        else if (ReferenceEquals(state, fresh))
        {
            Forget(state.RefreshAsync());
        }

        await state.Complete.WaitAsync(cancellation).ConfigureAwait(false);
        return state;
    }

    /// <summary>Waits until all commands called before are done.</summary>
    public Task SynchronizeAsync() => EnqueueAsync(null, null, null, null);

    /// <summary>Runs a command by its name: one of a newer daemon, which has no method here.</summary>
    /// <param name="name">The command.</param>
    /// <param name="fields">Its fields.</param>
    /// <returns>What the daemon answered, once the command is done.</returns>
    /// <exception cref="CommandFailedException">It failed.</exception>
    public Task<CommandResult> RunAsync(string name, params ReadOnlySpan<string> fields)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        WireText.CheckField(name, nameof(name));
        var line = new CommandLine(name);
        foreach (string field in fields)
        {
            line.Required(field, nameof(fields));
        }

        return RunAsync(line, static answer => answer is UnknownEvent);
    }

    /// <summary>Gets a descriptor of the daemon: a duplicate, <c>fd.give</c>. Its owner closes it.</summary>
    /// <param name="name">The name of the descriptor.</param>
    /// <exception cref="CommandFailedException">There is none of that name, or the connection is not a unix
    /// socket.</exception>
    /// <exception cref="AnswerLostException">It was not told whether the command was run.</exception>
    public async Task<SafeFileHandle> GetDescriptorAsync(FdName name)
    {
        CommandResult result = await FdGiveAsync(name).ConfigureAwait(false);
        return result.Descriptor ?? throw new AnswerLostException("fd.give");
    }

    /// <summary>Closes the connection. Commands that are not done by then may be carried out, or not.</summary>
    public ValueTask DisposeAsync()
    {
        End(null, byDaemon: false);
        return _transport.DisposeAsync();
    }

    /// <summary>Runs a command, and something else when it is done, before any later event is looked at.</summary>
    internal Task<CommandResult> RunAsync(CommandLine line, Action whenDone) =>
        EnqueueAsync(line, null, null, whenDone);

    private Task<CommandResult> RunAsync(
        CommandLine line, Func<DaemonEvent, bool>? isAnswer, SafeHandle? descriptor = null) =>
        EnqueueAsync(line, isAnswer, descriptor, null);

    // Without a line there is the marker alone.
    private Task<CommandResult> EnqueueAsync(
        CommandLine? line, Func<DaemonEvent, bool>? isAnswer, SafeHandle? descriptor, Action? whenDone)
    {
        if (line?.Written.Length + 1 > ProtocolLimits.Line)
        {
            throw new ArgumentException($"{line!.Name}: the line is longer than {ProtocolLimits.Line} bytes.");
        }

        if (descriptor is not null && !_transport.TakesDescriptors)
        {
            throw new NotSupportedException($"{line!.Name}: only a unix socket takes descriptors along.");
        }

        SafeHandle? sent = descriptor is null ? null : DescriptorSender.Duplicate(descriptor);
        var command = new PendingCommand(line?.Name, isAnswer, whenDone);
        bool isTaken = _ledger.TryBegin(command, marker => _sender.Add(
            line is null
                ? Encoding.ASCII.GetBytes(marker + "\n")
                : (byte[])[.. line.Written, (byte)'\n', .. Encoding.ASCII.GetBytes(marker), (byte)'\n'],
            sent));
        if (!isTaken)
        {
            sent?.Dispose();
        }

        return command.Task;
    }

    // Streams fail in ways of their own; whatever it is, nothing more can be read.
    private async Task ReadAsync()
    {
        Task reading = ReadLinesAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        End(reading.Exception?.InnerException, byDaemon: true);
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

    private async Task SendAsync()
    {
        Task sending = _sender.RunAsync(_closing.Token);
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        // What was answered before the daemon stopped reading is still to be read; the reader ends it all.
        var end = new ConnectionClosedException(sending.Exception?.InnerException);
        _ledger.Refuse(end);
        await Closed.WaitAsync(_lastAnswers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ledger.End(end, byDaemon: false);
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        using SafeFileHandle? descriptor = _descriptor;
        _descriptor = null;
        if (_ledger.TryFinish(line))
        {
            return;
        }

        DaemonEvent told = EventParser.Read(line);
        DaemonState? state = Volatile.Read(ref _state);
        state?.Apply(told);
        if (told is OverflowEvent)
        {
            _ledger.NoteOverflow();

            // Brings news of commands whose markers are lost, and the state up to date.
            Forget(state is null ? SynchronizeAsync() : state.RefreshAsync());
        }

        if (!_ledger.Hear(told, descriptor))
        {
            _events.Add(told);
        }
    }

    // Nobody asked for it, so that nobody is told when it fails: the state is, or the commands that wait are.
    private static async void Forget(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void End(Exception? cause, bool byDaemon)
    {
        var end = new ConnectionClosedException(cause);
        Interlocked.CompareExchange(ref _end, end, null);
        _closing.Cancel();
        _ledger.End(end, byDaemon);
        _events.End();
        Volatile.Read(ref _state)?.End(end);
        _closed.TrySetResult();
    }
}
