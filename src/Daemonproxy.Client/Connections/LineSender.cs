using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>
/// Sends lines in the order in which they were added, all waiting ones with one write. It accepts any number of lines;
/// callers wait for room first. Thread-safe.
/// </summary>
/// <param name="transport">Where they go.</param>
/// <param name="mostUnsent">The number of unsent bytes from which on there is no room.</param>
/// <param name="whenFailed">Called once, when sending has failed.</param>
internal sealed class LineSender(Transport transport, int mostUnsent, Action<Exception> whenFailed)
{
    // The most that the daemon reads at once. The line of a command and its marker are never longer.
    private const int ChunkSize = ProtocolLimits.Inbox;
    private const int MostSpares = 4;

    private readonly object _gate = new();

    // For the thread that sends: it is made when it is needed first.
    private readonly object _calls = new();
    private readonly Queue<Chunk> _chunks = new();
    private readonly Stack<Chunk> _spares = new();
    private readonly List<TaskCompletionSource> _waiters = [];
    private Chunk? _last;
    private Chunk? _current;
    private long _unsent;
    private long _sentUpTo;
    private int _threadsWaiting;
    private bool _isSending;
    private bool _isClosed;
    private Thread? _thread;
    private bool _isCalled;
    private bool _isOver;

    private bool HasRoom => _unsent < mostUnsent || _isClosed;

    /// <summary>
    /// Adds a line and the marker after it. Returns true if the caller has to call <see cref="Start"/>.
    /// </summary>
    /// <param name="number">The number of the command, one more than that before.</param>
    /// <param name="line">The command's line with its line feed; empty for a marker alone.</param>
    /// <param name="marker">The marker's line with its line feed.</param>
    /// <param name="descriptor">A descriptor that is sent with the line; the command still owns it.</param>
    public bool Add(long number, ReadOnlySpan<byte> line, ReadOnlySpan<byte> marker, SafeHandle? descriptor)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            int length = line.Length + marker.Length;
            if (_last is null || descriptor is not null || _last.Descriptor is not null
                || _last.Length + length > ChunkSize)
            {
                _last = _spares.Count > 0 ? _spares.Pop() : new Chunk(new byte[ChunkSize]);
                _last.Descriptor = descriptor;
                _chunks.Enqueue(_last);
            }

            line.CopyTo(_last.Bytes.AsSpan(_last.Length));
            marker.CopyTo(_last.Bytes.AsSpan(_last.Length + line.Length));
            _last.Length += length;
            _last.Number = number;
            _unsent += length;
            bool isIdle = !_isSending;
            _isSending = true;
            return isIdle;
        }
    }

    /// <summary>Sends all waiting lines, including those that are added meanwhile.</summary>
    /// <param name="isAlone">
    /// True if no other command is in progress: then the caller's thread sends, which is faster than waking another
    /// one.
    /// </param>
    public void Start(bool isAlone)
    {
        if (isAlone && transport.CanSendAtOnce && !TrySendAtOnce())
        {
            return;
        }

        if (transport.WaitsOnThread)
        {
            CallThread();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static sender => _ = sender.RunAsync(), this, preferLocal: false);
        }
    }

    /// <summary>Blocks the caller's thread until there is room, or sending has ended.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void WaitForRoom(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _unsent) < mostUnsent)
        {
            return;
        }

        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static sender => ((LineSender)sender!).Wake(), this);
        lock (_gate)
        {
            while (!HasRoom)
            {
                cancellation.ThrowIfCancellationRequested();
                _threadsWaiting++;
                Monitor.Wait(_gate);
                _threadsWaiting--;
            }
        }
    }

    /// <summary>Completes when there is room, or sending has ended.</summary>
    public ValueTask WaitForRoomAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (HasRoom)
            {
                return ValueTask.CompletedTask;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add(waiter);
            return new ValueTask(waiter.Task.WaitAsync(cancellation));
        }
    }

    /// <summary>
    /// Stops sending. Returns the number of the last command of which bytes may have been sent.
    /// </summary>
    public long Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _chunks.Clear();
            _last = null;
            WakeAll();
            EndThread();
            return _sentUpTo;
        }
    }

    // A thread of the pool spins for a while before it sleeps again, after each of many short calls.
    private void CallThread()
    {
        lock (_calls)
        {
            _isCalled = true;
            if (_thread is null)
            {
                _thread = new Thread(Serve) { IsBackground = true, Name = "Daemonproxy, sending" };
                _thread.Start();
            }
            else
            {
                Monitor.Pulse(_calls);
            }
        }
    }

    private void EndThread()
    {
        lock (_calls)
        {
            _isOver = true;
            Monitor.Pulse(_calls);
        }
    }

    private void Serve()
    {
        while (WaitForCall())
        {
            RunAsync().GetAwaiter().GetResult();
        }
    }

    private bool WaitForCall()
    {
        lock (_calls)
        {
            while (!_isCalled && !_isOver)
            {
                Monitor.Wait(_calls);
            }

            _isCalled = false;
            return !_isOver;
        }
    }

    // True if lines are left that another thread has to send.
    private bool TrySendAtOnce()
    {
        if (!TryTake(out Chunk? chunk))
        {
            return false;
        }

        chunk.Sent = chunk.Descriptor is null
            ? Math.Max(0, transport.TrySend(chunk.Bytes.AsSpan(0, chunk.Length)))
            : 0;
        if (chunk.Sent < chunk.Length)
        {
            _current = chunk;
            return true;
        }

        Release(chunk);
        return HasMore();
    }

    private async Task RunAsync()
    {
        try
        {
            while (_current is not null || TryTake(out _current))
            {
                Chunk chunk = _current;
                await WriteAsync(chunk).ConfigureAwait(false);
                _current = null;
                Release(chunk);
            }
        }
#pragma warning disable CA1031 // Streams throw various exceptions; after any of them no more can be sent.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            Close();
            whenFailed(problem);
        }
    }

    private ValueTask WriteAsync(Chunk chunk)
    {
        ReadOnlyMemory<byte> bytes = chunk.Bytes.AsMemory(chunk.Sent, chunk.Length - chunk.Sent);
        return chunk.Descriptor is { } descriptor
            ? transport.WriteAsync(bytes, descriptor)
            : transport.WriteAsync(bytes);
    }

    private bool HasMore()
    {
        lock (_gate)
        {
            _isSending = _chunks.Count > 0;
            return _isSending;
        }
    }

    // Without a chunk, sending pauses until a line is added.
    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Chunk? chunk)
    {
        lock (_gate)
        {
            if (!_chunks.TryDequeue(out chunk))
            {
                _isSending = false;
                return false;
            }

            _last = ReferenceEquals(_last, chunk) ? null : _last;
            _sentUpTo = chunk.Number;
            return true;
        }
    }

    private void Release(Chunk chunk)
    {
        lock (_gate)
        {
            _unsent -= chunk.Length;
            chunk.Length = 0;
            chunk.Sent = 0;
            chunk.Descriptor = null;
            if (_spares.Count < MostSpares)
            {
                _spares.Push(chunk);
            }

            if (HasRoom)
            {
                WakeAll();
            }
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private void WakeAll()
    {
        if (_threadsWaiting > 0)
        {
            Monitor.PulseAll(_gate);
        }

        _waiters.ForEach(static waiter => waiter.TrySetResult());
        _waiters.Clear();
    }

    private sealed class Chunk(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;

        public int Length { get; set; }

        public int Sent { get; set; }

        public long Number { get; set; }

        public SafeHandle? Descriptor { get; set; }
    }
}
