using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace Daemonproxy.Protocol;

/// <summary>
/// A server on a unix socket, for protocols that need no loop of their own. Every connection is read by a thread of its
/// own. The lines of all connections run one at a time, so that what the connections share needs no lock.
/// </summary>
internal sealed class LineServer : IDisposable
{
    // With their whole names: a spec may have a type `socket`.
    private readonly global::System.Net.Sockets.Socket _listener = new(
        global::System.Net.Sockets.AddressFamily.Unix,
        global::System.Net.Sockets.SocketType.Stream,
        global::System.Net.Sockets.ProtocolType.Unspecified);

    private readonly Func<LineConnection> _create;
    private readonly List<LineConnection> _unsent = [];

    // Until descriptors, memory or threads are there again.
    private const int PauseMilliseconds = 10;

    private volatile bool _isDisposed;

    /// <summary>Listens on this path, in place of a file that is there; others can connect from now on.</summary>
    /// <exception cref="global::System.Net.Sockets.SocketException">It cannot listen there.</exception>
    public LineServer(string path, Func<LineConnection> create)
    {
        _create = create;
        File.Delete(path);
        _listener.Bind(new global::System.Net.Sockets.UnixDomainSocketEndPoint(path));
        _listener.Listen();
    }

    /// <summary>Serves everybody, until <see cref="Dispose"/>.</summary>
    public void Run()
    {
        while (!_isDisposed)
        {
            global::System.Net.Sockets.Socket? socket = null;
            try
            {
                global::System.Net.Sockets.Socket accepted = socket = _listener.Accept();
                new Thread(() => Serve(accepted)) { IsBackground = true }.Start();
            }
            catch (Exception exception) when (IsClosed(exception) || exception is OutOfMemoryException)
            {
                // The listener was closed; or there is no descriptor or thread left for one more connection.
                socket?.Dispose();
                Thread.Sleep(PauseMilliseconds);
            }
        }
    }

    /// <summary>Serves the next connection to its end, in this thread.</summary>
    public void ServeNext() => Serve(_listener.Accept());

    public void Dispose()
    {
        _isDisposed = true;
        _listener.Dispose();
    }

    /// <summary>Notes a connection that has output; called by the one whose line runs.</summary>
    internal void NoteOutput(LineConnection connection) => _unsent.Add(connection);

    /// <summary>Sends the output of all connections that the last lines wrote to.</summary>
    internal void SendOutput()
    {
        foreach (LineConnection connection in _unsent)
        {
            connection.Flush();
        }

        _unsent.Clear();
    }

    /// <summary>True if a call failed because a socket is closed here or there, or is not read.</summary>
    internal static bool IsClosed(Exception exception) =>
        exception is global::System.Net.Sockets.SocketException or ObjectDisposedException;

    private void Serve(global::System.Net.Sockets.Socket socket)
    {
        using (socket)
        {
            _create().Serve(this, socket);
        }
    }
}
