using System;
using System.IO;
using System.Net.Sockets;
using System.Threading;

namespace KeyValue;

/// <summary>Listens on a unix socket; every connection is served by a thread of its own.</summary>
public sealed class Server : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Store _store = new();

    public Server(string path)
    {
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
    }

    /// <summary>Serves everybody, until <see cref="Dispose"/>.</summary>
    public void Run()
    {
        try
        {
            while (true)
            {
                Socket socket = _listener.Accept();
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }

    /// <summary>Serves the next connection to its end, in this thread.</summary>
    public void ServeNext() => Serve(_listener.Accept());

    public void Dispose() => _listener.Dispose();

    private void Serve(Socket socket)
    {
        using (socket)
        {
            new Session(_store, socket).Serve();
        }
    }
}
