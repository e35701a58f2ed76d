using System;

namespace Daemonproxy.Protocol;

/// <summary>
/// A connection of a <see cref="LineServer"/>: it reads lines and hands them to <see cref="Run"/>, and sends the events
/// that were written between <see cref="Begin"/> and <see cref="End"/>, to this connection or to others. Nothing here
/// allocates once the connection is there.
/// </summary>
/// <param name="longestLine">The most bytes of a line, LF included. A longer one ends the connection.</param>
/// <param name="longestEvent">The most bytes of an event, LF included.</param>
internal abstract class LineConnection(int longestLine, int longestEvent)
{
    private const int Room = 65536;

    // A reader that has not taken what was sent after so long is closed, so that it does not hold up the others.
    private const int SendMilliseconds = 1000;

    private readonly byte[] _input = new byte[Math.Max(Room, longestLine)];
    private readonly byte[] _output = new byte[Math.Max(Room, longestEvent)];
    private LineServer? _server;
    private global::System.Net.Sockets.Socket? _socket;
    private int _written;
    private bool _isNoted;

    /// <summary>An event to be written by a method of <c>Events</c>; the longest has room.</summary>
    public LineWriter Begin()
    {
        if (_output.Length - _written < longestEvent)
        {
            Flush();
        }

        return new LineWriter(_output.AsSpan(_written));
    }

    /// <summary>
    /// The event is complete. It is sent when the lines that were read together have run. Returns no error, for the
    /// command that ends with this event.
    /// </summary>
    public CommandError End(scoped in LineWriter line)
    {
        _written += line.Length;
        if (!_isNoted)
        {
            _isNoted = true;
            _server!.NoteOutput(this);
        }

        return CommandError.None;
    }

    /// <summary>Sends the error of a line, if it has one.</summary>
    protected void Answer(scoped in CommandError error)
    {
        if (!error.IsNone)
        {
            LineWriter line = Begin();
            WriteError(ref line, error);
            End(line);
        }
    }

    /// <summary>The error of a line that is too long. The connection ends when it is sent.</summary>
    protected abstract CommandError LineTooLong { get; }

    /// <summary>Runs one line, without its LF, and ends with <see cref="Answer"/>.</summary>
    protected abstract void Run(ReadOnlySpan<byte> line);

    /// <summary>Writes the event that answers a failed line.</summary>
    protected abstract void WriteError(ref LineWriter line, scoped in CommandError error);

    /// <summary>The other side is gone: nothing is to be written any more.</summary>
    protected virtual void OnClosed()
    {
    }

    /// <summary>Reads and answers, until the other side closes.</summary>
    internal void Serve(LineServer server, global::System.Net.Sockets.Socket socket)
    {
        _server = server;
        _socket = socket;
        socket.SendTimeout = SendMilliseconds;
        int filled = 0;
        try
        {
            while (filled >= 0 && socket.Receive(_input.AsSpan(filled)) is > 0 and var count)
            {
                lock (server)
                {
                    filled = RunLines(filled + count);
                    server.SendOutput();
                }
            }
        }
        catch (Exception exception) when (LineServer.IsClosed(exception))
        {
            // The other side is gone, or did not read.
        }
        finally
        {
            lock (server)
            {
                OnClosed();
            }
        }
    }

    /// <summary>Sends what was written; a connection that does not take it is closed.</summary>
    internal void Flush()
    {
        ReadOnlySpan<byte> left = _output.AsSpan(0, _written);
        _written = 0;
        _isNoted = false;
        long end = Environment.TickCount64 + SendMilliseconds;
        try
        {
            while (!left.IsEmpty && Environment.TickCount64 <= end)
            {
                left = left[_socket!.Send(left)..];
            }

            if (!left.IsEmpty)
            {
                _socket!.Dispose();
            }
        }
        catch (Exception exception) when (LineServer.IsClosed(exception))
        {
            _socket!.Dispose();
        }
    }

    // Runs the lines that are complete, and moves the rest to the front: its bytes; below 0 if a line was too long.
    private int RunLines(int filled)
    {
        ReadOnlySpan<byte> rest = _input.AsSpan(0, filled);
        int length;
        while ((length = rest.IndexOf((byte)'\n')) >= 0 && length < longestLine)
        {
            Run(rest[..length]);
            rest = rest[(length + 1)..];
        }

        if (length >= 0 || rest.Length >= longestLine)
        {
            Answer(LineTooLong);
            return -1;
        }

        rest.CopyTo(_input);
        return rest.Length;
    }
}
