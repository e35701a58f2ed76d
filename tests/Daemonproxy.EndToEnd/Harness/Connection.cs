using System;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>The test as a controller on a socket: the control socket, or one that the daemon was given.</summary>
internal sealed class Connection : Controller, IDisposable
{
    private readonly Fd _socket;
    private LineStream? _output;

    /// <summary>A controller on this socket. It reads nothing until it is asked for what it was told.</summary>
    public Connection(Fd socket) => _socket = socket;

    public override LineStream Output => _output ??= new LineStream(_socket, "what the connection is told");

    /// <summary>Connects to the control socket at this path as soon as somebody listens there.</summary>
    public static Connection To(string path)
    {
        Fd? socket = null;
        int errno = 0;
        Patience.Until(
            () => (socket = UnixSocket.TryConnect(path, out errno)) is not null,
            $"somebody listens at {path}",
            () => $"errno {errno}");
        return new Connection(socket!);
    }

    public override void SendRaw(string text) => _socket.TryWrite(Text.Bytes(text));

    /// <summary>Sends bytes and descriptors along with them.</summary>
    public void SendRawWith(string text, params Fd[] descriptors) =>
        UnixSocket.Send(_socket, Text.Bytes(text), descriptors);

    /// <summary>Sends a line and descriptors along with it.</summary>
    public void SendWith(string line, params Fd[] descriptors) => SendRawWith(line + "\n", descriptors);

    /// <summary>Sends as much as is taken at once; how many bytes that was.</summary>
    public int SendSome(ReadOnlySpan<byte> bytes) => _socket.WriteSome(bytes);

    public override void EndInput() => _ = shutdown(_socket.Number, SHUT_WR);

    public void Dispose()
    {
        // What reads it sees the end.
        _ = shutdown(_socket.Number, SHUT_RDWR);
        if (_output is null)
        {
            _socket.Dispose();
        }
        else
        {
            _output.Dispose();
        }
    }
}
