using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Daemonproxy.Client;

/// <summary>
/// A daemon as it was read once, without a connection that stays: what a command that shows it needs.
/// </summary>
/// <param name="State">The state.</param>
/// <param name="Pid">The process that listens at the socket, SO_PEERCRED of unix(7); null if it is not seen.</param>
/// <param name="Uptime">
/// How long the daemon has been running; null if the socket does not allow everything: then it does not say.
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
    /// How long to wait, above zero. A daemon all of whose places for controllers are taken answers when one is free.
    /// </param>
    /// <exception cref="ConnectFailedException">There is no answer; it says why, and the path.</exception>
    /// <exception cref="ArgumentException">The path is empty, or longer than 107 bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not above zero.</exception>
    public static DaemonReading Read(string path, TimeSpan limit)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        var address = new UnixDomainSocketEndPoint(path);
        long end = Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.SendTimeout = Math.Max(1, (int)Math.Min(limit.TotalMilliseconds, int.MaxValue));
            socket.Connect(address);
            return new Reader(socket, end).Read();
        }
        catch (SocketException problem)
        {
            throw new ConnectFailedException(FailureOf(problem.SocketErrorCode), path, problem);
        }
    }

    private static ConnectFailure FailureOf(SocketError error) => error switch
    {
        SocketError.TimedOut or SocketError.WouldBlock or SocketError.TryAgain => ConnectFailure.NoAnswer,
        _ => SocketConnector.FailureOf(error),
    };

    /// <summary>Asks until nothing is missing.</summary>
    private sealed class Reader
    {
        private readonly Socket _socket;
        private readonly long _end;
        private readonly byte[] _mark;
        private readonly LineSplitter _splitter;
        private StateReducer _state = new(StateSnapshot.Empty);
        private Seconds? _uptime;
        private bool _hasOverflowed;
        private bool _isDone;

        public Reader(Socket socket, long end)
        {
            _socket = socket;
            _end = end;
            _mark = Encoding.ASCII.GetBytes($"read-{Environment.ProcessId:x}-{Stopwatch.GetTimestamp():x}");
            _splitter = new LineSplitter(Take);
        }

        public DaemonReading Read()
        {
            byte[] buffer = new byte[ReadSize];
            Ask();
            while (!_isDone)
            {
                long left = (_end - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency;
                if (left <= 0)
                {
                    throw new SocketException((int)SocketError.TimedOut);
                }

                _socket.ReceiveTimeout = (int)Math.Min(left, int.MaxValue);
                int count = _socket.Receive(buffer);
                if (count == 0)
                {
                    throw new SocketException((int)SocketError.ConnectionReset);
                }

                _splitter.Add(buffer.AsSpan(0, count));
            }

            return new DaemonReading(_state.Snapshot, PeerOf(_socket), _uptime);
        }

        private void Ask() => _socket.Send([.. "statedump\nstats\tuptime\necho\t"u8, .. _mark, (byte)'\n']);

        private void Take(ReadOnlySpan<byte> line)
        {
            if (line.SequenceEqual(_mark))
            {
                _isDone = !_hasOverflowed;
                if (_hasOverflowed)
                {
                    _hasOverflowed = false;
                    _state = new StateReducer(StateSnapshot.Empty);
                    Ask();
                }

                return;
            }

            DaemonEvent told = EventParser.Read(line);
            _hasOverflowed |= told is OverflowEvent;
            if (!_state.Apply(told, out _) && told is StatsEvent { Name: Counter.Uptime } uptime)
            {
                _uptime = new Seconds(uptime.Value);
            }
        }

        // struct ucred begins with the process.
        private static int? PeerOf(Socket socket)
        {
            const int socketLevel = 1;
            const int peerCredentials = 17;
            Span<byte> credentials = stackalloc byte[12];
            socket.GetRawSocketOption(socketLevel, peerCredentials, credentials);
            int pid = BitConverter.IsLittleEndian
                ? BinaryPrimitives.ReadInt32LittleEndian(credentials)
                : BinaryPrimitives.ReadInt32BigEndian(credentials);
            return pid > 0 ? pid : null;
        }
    }
}
