using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>
/// A connection: one method for each command, and the stream of the events that answer none. The daemon answers each
/// command with one of the events that it emits, or with the event <c>error</c>, in the order in which the commands
/// were sent; there is no need to wait for one answer before the next command. All methods are safe from any thread.
/// </summary>
public sealed partial class DaemonConnection : IAsyncDisposable
{
    private const int ReadSize = 65536;

    private readonly Stream _stream;
    private readonly Channel<ReadOnlyMemory<byte>> _lines =
        Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Channel<DaemonEvent> _events =
        Channel.CreateUnbounded<DaemonEvent>(new UnboundedChannelOptions { SingleWriter = true });

    private readonly Queue<PendingCommand> _pending = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _sending;
    private readonly Task _reading;
    private Exception? _end;

    /// <summary>Begins a conversation over a stream, which from now on belongs to the connection.</summary>
    public DaemonConnection(Stream stream)
    {
        _stream = stream;
        _sending = Task.Run(SendAsync);
        _reading = Task.Run(ReceiveAsync);
    }

    /// <summary>Connects to a unix socket.</summary>
    /// <exception cref="SocketException">Nobody listens there, or it is forbidden.</exception>
    public static async Task<DaemonConnection> ConnectAsync(string path, CancellationToken cancellation = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
            return new DaemonConnection(new NetworkStream(socket, ownsSocket: true));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The events that answer no command, until the connection ends. One reader at a time.</summary>
    public IAsyncEnumerable<DaemonEvent> ReadEventsAsync(CancellationToken cancellation = default) =>
        _events.Reader.ReadAllAsync(cancellation);

    /// <summary>Closes the connection. Commands that are not answered yet fail.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_sending, _reading).ConfigureAwait(false);
        _closing.Dispose();
    }

    // A command that emits nothing has no answer to wait for.
    private Task RunAsync(CommandLine line)
    {
        lock (_pending)
        {
            if (_end is not null)
            {
                return Task.FromException(_end);
            }

            Send(line);
            return Task.CompletedTask;
        }
    }

    private async Task<CommandResult<T>> RunAsync<T>(
        CommandLine line, Func<DaemonEvent, bool> isAnswer, Func<DaemonEvent, bool>? isStreamed)
        where T : DaemonEvent
    {
        var command = new PendingCommand(line.Name, isAnswer, isStreamed);
        lock (_pending)
        {
            if (_end is not null)
            {
                throw _end;
            }

            // In one step, so that the order here is that on the wire.
            _pending.Enqueue(command);
            Send(line);
        }

        DaemonEvent answer = await command.Task.ConfigureAwait(false);
        return new CommandResult<T>((T)answer, command.Streamed);
    }

    private void Send(CommandLine line)
    {
        byte[] bytes = [.. line.Written, (byte)'\n'];
        _lines.Writer.TryWrite(bytes);
    }

    private async Task SendAsync()
    {
        try
        {
            using var batch = new MemoryStream();
            while (await _lines.Reader.WaitToReadAsync(_closing.Token).ConfigureAwait(false))
            {
                batch.SetLength(0);
                while (batch.Length < ReadSize && _lines.Reader.TryRead(out ReadOnlyMemory<byte> line))
                {
                    batch.Write(line.Span);
                }

                ReadOnlyMemory<byte> bytes = batch.GetBuffer().AsMemory(0, (int)batch.Length);
                await _stream.WriteAsync(bytes, _closing.Token).ConfigureAwait(false);
                await _stream.FlushAsync(_closing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            End(exception);
        }
    }

    private async Task ReceiveAsync()
    {
        Exception? cause = null;
        try
        {
            var lines = new LineBuffer(Receive);
            var buffer = new byte[ReadSize];
            int count;
            while ((count = await _stream.ReadAsync(buffer, _closing.Token).ConfigureAwait(false)) > 0)
            {
                lines.Add(buffer.AsSpan(0, count));
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            cause = exception;
        }

        End(cause);
    }

    private void Receive(ReadOnlySpan<byte> line)
    {
        DaemonEvent received = EventParser.Read(line);
        PendingCommand? command;
        bool isTaken;
        lock (_pending)
        {
            _pending.TryPeek(out command);
            isTaken = command is not null && command.Take(received, ErrorOf(received));
            if (isTaken && command!.IsDone)
            {
                _pending.Dequeue();
            }
        }

        if (!isTaken)
        {
            _events.Writer.TryWrite(received);
        }
    }

    private void End(Exception? cause)
    {
        List<PendingCommand> left;
        lock (_pending)
        {
            _end ??= new IOException("The connection has ended.", cause);
            left = [.. _pending];
            _pending.Clear();
        }

        left.ForEach(command => command.Fail(_end));
        _events.Writer.TryComplete();
        _lines.Writer.TryComplete();
    }

    private static bool IsEnd(Exception exception) =>
        exception is IOException or ObjectDisposedException or OperationCanceledException;
}
