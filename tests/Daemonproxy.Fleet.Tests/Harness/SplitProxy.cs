using System;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Fleet.Tests.Harness;

/// <summary>
/// A proxy of a unix socket that, when told to, delays what it passes on and breaks connections, also in the middle of
/// a command or an answer.
/// </summary>
internal sealed class SplitProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly string _target;
    private readonly Random _random;
    private readonly Task _accepting;
    private int _splits;

    public SplitProxy(string path, string target, int seed)
    {
        _target = target;
        _random = new Random(seed);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>True if it disturbs.</summary>
    public bool IsBad { get; set; }

    /// <summary>The number of connections that it has broken.</summary>
    public int Splits => _splits;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }

        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client = await _listener.AcceptAsync(_closing.Token);
            var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _sockets.Add(client);
            _sockets.Add(server);
            await server.ConnectAsync(new UnixDomainSocketEndPoint(_target), _closing.Token);
            _ = Task.WhenAll(PassAsync(client, server), PassAsync(server, client));
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        byte[] bytes = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(bytes, _closing.Token)) > 0)
            {
                int chance = Next(100);
                if (IsBad && chance < 3)
                {
                    // A part of it arrives, or nothing.
                    await to.SendAsync(bytes.AsMemory(0, Next(read)), _closing.Token);
                    Interlocked.Increment(ref _splits);
                    break;
                }

                if (IsBad && chance < 15)
                {
                    await Task.Delay(Next(60), _closing.Token);
                }

                await to.SendAsync(bytes.AsMemory(0, read), _closing.Token);
            }
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException
            or ObjectDisposedException)
        {
            // The end of it.
        }

        from.Dispose();
        to.Dispose();
    }

    private int Next(int most)
    {
        lock (_random)
        {
            return _random.Next(most);
        }
    }
}
