using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client.Tests.Harness;

/// <summary>
/// Stands between a client and the daemon, and can cut the connection between two bytes. It counts the lines that have
/// come through whole.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly string _daemon;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Lock _lock = new();
    private readonly List<Socket> _open = [];
    private readonly Dictionary<string, int> _lines = [];
    private readonly Task _accepting;

    public Relay(string path, string daemon)
    {
        Path = path;
        _daemon = daemon;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public string Path { get; }

    /// <summary>The number of lines that were sent to the daemon.</summary>
    public int CountOf(string line)
    {
        lock (_lock)
        {
            return _lines.GetValueOrDefault(line);
        }
    }

    /// <summary>Cuts all connections.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _open.ForEach(socket => socket.Dispose());
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client = await _listener.AcceptAsync();
            Socket daemon = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await daemon.ConnectAsync(new UnixDomainSocketEndPoint(_daemon));
            }
            catch (SocketException)
            {
                client.Dispose();
                daemon.Dispose();
                continue;
            }

            lock (_lock)
            {
                _open.AddRange([client, daemon]);
            }

            _ = CopyAsync(client, daemon, Note);
            _ = CopyAsync(daemon, client, _ => { });
        }
    }

    private void Note(string line)
    {
        lock (_lock)
        {
            _lines[line] = _lines.GetValueOrDefault(line) + 1;
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, Action<string> note)
    {
        byte[] buffer = new byte[4096];
        var splitter = new LineSplitter(line => note(WireText.From(line)));
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                // Noted first: what is sent may be run at once.
                splitter.Add(buffer.AsSpan(0, count));
                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException or IOException)
        {
            // It was cut, or either side has ended.
        }

        from.Dispose();
        to.Dispose();
    }
}
