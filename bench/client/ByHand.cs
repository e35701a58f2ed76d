using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Daemonproxy.ClientBench;

/// <summary>An event, as somebody without a client would write it down.</summary>
internal abstract record HandEvent(string Name);

internal sealed record HandStateEvent(
    string Name, string State, long? Since, int? Pid, string? How, int? Value, long? Uptime, long? Downtime)
    : HandEvent(Name);

internal sealed record HandTagsEvent(string Name, string[] Tags) : HandEvent(Name);

/// <summary>
/// The work without a client: lines of a <see cref="StreamReader"/> over a <see cref="NetworkStream"/>.
/// </summary>
internal sealed class ByHand : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Channel<HandEvent> _events = Channel.CreateUnbounded<HandEvent>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly Dictionary<string, HandService> _services = [];
    private readonly Lock _lock = new();
    private readonly byte[] _go;
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;
    private Task _reading = Task.CompletedTask;

    public ByHand(string path, int eventsOfRound)
    {
        _socket.Connect(new UnixDomainSocketEndPoint(path));
        _stream = new NetworkStream(_socket);
        _reader = new StreamReader(_stream, Encoding.UTF8);
        _go = Encoding.ASCII.GetBytes($"go\t{eventsOfRound}\n");
    }

    /// <summary>The model: the number of services that are up.</summary>
    public int Up
    {
        get
        {
            lock (_lock)
            {
                int up = 0;
                foreach (HandService service in _services.Values)
                {
                    up += service.State == "up" ? 1 : 0;
                }

                return up;
            }
        }
    }

    /// <summary>
    /// The least: reads lines where they are used. There is no object for an event and no model, one field of a line
    /// is looked at, and nothing else can be received meanwhile, such as the answer to a command.
    /// </summary>
    public async Task<int> CountUpsAsync(int count)
    {
        await _stream.WriteAsync(_go);
        int ups = 0;
        for (int number = 0; number < count; number++)
        {
            string[] fields = (await _reader.ReadLineAsync())!.Split('\t');
            ups += fields[0] == "service.state" && fields[2] == "up"
                && int.Parse(fields[4], CultureInfo.InvariantCulture) > 0 ? 1 : 0;
        }

        return ups;
    }

    /// <summary>
    /// The same as the client: a task reads on while the events are used. It makes an object of each line, with numbers
    /// where the line has numbers, follows the state if asked for, and passes the object on by a channel.
    /// </summary>
    public void Begin(bool withModel) => _reading = Task.Run(() => ReadAsync(withModel));

    /// <summary>Reads the events of the task.</summary>
    public async Task<int> CountUpEventsAsync(int count)
    {
        await _stream.WriteAsync(_go);
        int ups = 0;
        for (int number = 0; number < count;)
        {
            if (!_events.Reader.TryRead(out HandEvent? received))
            {
                await _events.Reader.WaitToReadAsync();
                continue;
            }

            number++;
            ups += received is HandStateEvent { State: "up", Pid: > 0 } ? 1 : 0;
        }

        return ups;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Shutdown(SocketShutdown.Both);
        await _reading;
        _reader.Dispose();
        _socket.Dispose();
    }

    private async Task ReadAsync(bool withModel)
    {
        while (await _reader.ReadLineAsync() is { } line)
        {
            string[] fields = line.Split('\t');
            HandEvent? received = fields[0] switch
            {
                "service.state" => new HandStateEvent(
                    fields[1], fields[2], Long(fields[3]), Int(fields[4]), fields[5] == "-" ? null : fields[5],
                    Int(fields[6]), Long(fields[7]), Long(fields[8])),
                "service.tags" => new HandTagsEvent(fields[1], fields[2..]),
                _ => null,
            };
            if (received is null)
            {
                continue;
            }

            if (withModel)
            {
                Follow(received);
            }

            _events.Writer.TryWrite(received);
        }
    }

    private void Follow(HandEvent received)
    {
        lock (_lock)
        {
            if (!_services.TryGetValue(received.Name, out HandService? service))
            {
                service = new HandService();
                _services.Add(received.Name, service);
            }

            if (received is HandStateEvent state)
            {
                (service.State, service.Since, service.Pid) = (state.State, state.Since, state.Pid);
                (service.How, service.Value, service.Uptime) = (state.How, state.Value, state.Uptime);
            }
            else if (received is HandTagsEvent tags)
            {
                service.Tags = tags.Tags;
            }
        }
    }

    private static long? Long(string field) =>
        field == "-" ? null : long.Parse(field, CultureInfo.InvariantCulture);

    private static int? Int(string field) => field == "-" ? null : int.Parse(field, CultureInfo.InvariantCulture);

    private sealed class HandService
    {
        public string State { get; set; } = "";

        public long? Since { get; set; }

        public int? Pid { get; set; }

        public string? How { get; set; }

        public int? Value { get; set; }

        public long? Uptime { get; set; }

        public string[] Tags { get; set; } = [];
    }
}
