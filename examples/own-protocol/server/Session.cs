using System;
using System.Net.Sockets;
using KeyValue.Commands;
using KeyValue.Protocol;

namespace KeyValue;

/// <summary>One connection: its lines, and the methods that carry out the commands of kv.spec.</summary>
internal sealed class Session : ICommandLookup, IStoreCommands, IWatchingCommands
{
    private readonly Store _store;
    private readonly Socket _socket;
    private readonly CommandHandlers _handlers;
    private readonly byte[] _input = new byte[65536];
    private readonly byte[] _output = new byte[Limits.Outbox];
    private int _written;

    public Session(Store store, Socket socket)
    {
        _store = store;
        _socket = socket;
        _handlers = new CommandHandlers(this, this, this);
    }

    /// <summary>Reads and answers, until the other side closes.</summary>
    public void Serve()
    {
        // A watcher that does not read for so long is closed, so that it does not hold up the others.
        _socket.SendTimeout = 1000;
        int filled = 0;
        try
        {
            while (_socket.Receive(_input.AsSpan(filled)) is > 0 and var count)
            {
                Span<byte> all = _input.AsSpan(0, filled + count);
                Span<byte> rest = all[RunLines(all)..];
                if (rest.Length >= Limits.Line)
                {
                    Fail(Errors.LineTooLong);
                    Flush();
                    return;
                }

                rest.CopyTo(_input);
                filled = rest.Length;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other side is gone, or did not read.
        }
        finally
        {
            _store.Watch(this, isWatching: false);
        }
    }

    // Runs the lines that are complete; how many bytes they had.
    private int RunLines(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        lock (_store)
        {
            while (bytes[at..].IndexOf((byte)'\n') is >= 0 and var length)
            {
                RunLine(bytes.Slice(at, length));
                at += length + 1;
            }

            Flush();
            _store.FlushWatchers();
        }

        return at;
    }

    private void RunLine(ReadOnlySpan<byte> line)
    {
        FieldReader fields = new(line);
        fields.TryNext(out ReadOnlySpan<byte> name);
        CommandId id = CommandTable.Find(name);
        CommandError error = id == CommandId.None
            ? Errors.UnknownCommand(name)
            : CommandDispatch.Run(id, ref fields, _handlers);
        if (!error.IsNone)
        {
            Fail(error);
        }
    }

    private void Fail(in CommandError error)
    {
        EventLine text = new(stackalloc byte[Limits.LongestErrorText]);
        Errors.Write(error, ref text);
        scoped EventLine line = Begin();
        Events.Error(ref line, text.Written);
        End(line);
    }

    public bool TryFindKey(Name name, out KeyIndex index) => _store.TryFind(name, out index);

    public bool HasRoomForKey => _store.Count < Limits.Keys;

    public CommandError Set(scoped in SetArguments arguments)
    {
        _store.Set(arguments.Key, arguments.Value);
        EventLine line = Begin();
        Events.Stored(ref line, arguments.Key.Name);
        End(line);
        return CommandError.None;
    }

    public CommandError Get(scoped in GetArguments arguments)
    {
        EventLine line = Begin();
        Events.Value(ref line, _store.NameOf(arguments.Key), _store.ValueOf(arguments.Key));
        End(line);
        return CommandError.None;
    }

    public CommandError Delete(scoped in DeleteArguments arguments)
    {
        EventLine line = Begin();
        Events.Deleted(ref line, _store.NameOf(arguments.Key));
        End(line);
        _store.Remove(arguments.Key);
        return CommandError.None;
    }

    public CommandError List(scoped in ListArguments arguments)
    {
        foreach (KeyIndex key in _store.Keys)
        {
            EventLine entry = Begin();
            Events.Entry(ref entry, _store.NameOf(key), _store.ValueOf(key).Length);
            End(entry);
        }

        EventLine line = Begin();
        Events.Listed(ref line, _store.Count);
        End(line);
        return CommandError.None;
    }

    public CommandError Watch(scoped in WatchArguments arguments)
    {
        _store.Watch(this, arguments.State == Toggle.On);
        EventLine line = Begin();
        Events.Watching(ref line, arguments.State);
        End(line);
        return CommandError.None;
    }

    /// <summary>A line to be written by a method of <see cref="Events"/>; the largest has room.</summary>
    public EventLine Begin()
    {
        if (_output.Length - _written < Limits.LongestEvent)
        {
            Flush();
        }

        return new EventLine(_output.AsSpan(_written));
    }

    public void End(in EventLine line) => _written += line.Length;

    /// <summary>Sends what was written; a connection that does not take it is closed.</summary>
    public void Flush()
    {
        ReadOnlySpan<byte> left = _output.AsSpan(0, _written);
        _written = 0;
        try
        {
            while (!left.IsEmpty)
            {
                left = left[_socket.Send(left)..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            _socket.Dispose();
        }
    }
}
