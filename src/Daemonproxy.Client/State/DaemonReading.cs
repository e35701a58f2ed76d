using System;
using System.Diagnostics;
using System.Text;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Client;

/// <summary>
/// A snapshot of a daemon, read without a lasting connection, for programs that only show it.
/// </summary>
/// <param name="State">The state.</param>
/// <param name="Pid">
/// The process that listens at the socket, SO_PEERCRED of unix(7); null if it is in another PID namespace.
/// </param>
/// <param name="Uptime">
/// The uptime of the daemon; null if the socket has restricted rights, which do not include it.
/// </param>
public sealed record DaemonReading(StateSnapshot State, int? Pid, Seconds? Uptime)
{
    private const int ReadSize = 65536;

    /// <summary>
    /// Connects to the control socket at a path, reads the whole state, and closes the connection. All of that happens
    /// on the calling thread, without any other: one write, and as many reads as the state needs.
    /// </summary>
    /// <param name="path">Where the daemon listens: its option <c>--socket</c>, or <c>socket.create</c>.</param>
    /// <param name="limit">
    /// The time limit, above zero. If all connection slots of the daemon are in use, it answers when one is free.
    /// </param>
    /// <exception cref="ConnectFailedException">
    /// The daemon did not answer; the exception has the reason and the path.
    /// </exception>
    /// <exception cref="ArgumentException">The path is empty, or longer than 107 bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not above zero.</exception>
    public static DaemonReading Read(string path, TimeSpan limit)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        long end = Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        using var socket = new PlainSocket();
        try
        {
            socket.Connect(path, limit);
            return new Reader(socket, end).Read();
        }
        catch (PlainSocketException problem)
        {
            throw new ConnectFailedException(FailureOf(problem.Errno), path, problem);
        }
    }

    private static ConnectFailure FailureOf(int errno) => errno switch
    {
        _ when errno == ENOENT => ConnectFailure.Missing,
        _ when errno == ECONNREFUSED => ConnectFailure.NobodyListens,
        _ when errno == EACCES || errno == EPERM => ConnectFailure.NotAllowed,
        _ when errno == EAGAIN || errno == ETIMEDOUT => ConnectFailure.NoAnswer,
        _ => ConnectFailure.Other,
    };

    /// <summary>Reads until the state is complete.</summary>
    private sealed class Reader
    {
        private readonly PlainSocket _socket;
        private readonly long _end;
        private readonly byte[] _mark;
        private readonly LineSplitter _splitter;
        private StateReducer _state = new(StateSnapshot.Empty);
        private Seconds? _uptime;
        private bool _hasOverflowed;
        private bool _isDone;

        public Reader(PlainSocket socket, long end)
        {
            _socket = socket;
            _end = end;
            _mark = Encoding.ASCII.GetBytes($"read-{Environment.ProcessId:x}-{Stopwatch.GetTimestamp():x}");
            _splitter = new LineSplitter(Take);
        }

        public DaemonReading Read()
        {
            byte[] buffer = GC.AllocateUninitializedArray<byte>(ReadSize);
            SendRequest();
            while (!_isDone)
            {
                long left = (_end - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency;
                if (left <= 0)
                {
                    throw new PlainSocketException(ETIMEDOUT);
                }

                int count = _socket.Receive(buffer, TimeSpan.FromMilliseconds(left));
                if (count == 0)
                {
                    throw new PlainSocketException(ECONNRESET);
                }

                _splitter.Add(buffer.AsSpan(0, count));
            }

            return new DaemonReading(_state.Snapshot, _socket.Peer, _uptime);
        }

        private void SendRequest() => _socket.Send([.. "statedump\nstats\tuptime\necho\t"u8, .. _mark, (byte)'\n']);

        private void Take(ReadOnlySpan<byte> line)
        {
            if (line.SequenceEqual(_mark))
            {
                _isDone = !_hasOverflowed;
                if (_hasOverflowed)
                {
                    _hasOverflowed = false;
                    _state = new StateReducer(StateSnapshot.Empty);
                    SendRequest();
                }

                return;
            }

            DaemonEvent received = EventParser.Read(line);
            _hasOverflowed |= received is OverflowEvent;
            if (!_state.Apply(received, out _) && received is StatsEvent { Name: Counter.Uptime } uptime)
            {
                _uptime = new Seconds(uptime.Value);
            }
        }
    }
}
