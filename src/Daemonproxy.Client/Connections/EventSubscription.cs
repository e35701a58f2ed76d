using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>
/// Events on their way to one reader. It never blocks the connection: when too many wait, they are discarded, and the
/// reader gets an overflow event, as from the daemon.
/// </summary>
internal sealed class EventSubscription(EventHub hub, int capacity, CancellationToken cancellation)
    : IAsyncEnumerable<DaemonEvent>, IAsyncEnumerator<DaemonEvent>
{
    // The events of one read. They may exceed the capacity while they are being read.
    private const int MostTaken = 128;
    private const int FirstSize = 32;

    private static readonly OverflowEvent _overflow = new();

    private readonly Lock _lock = new();
    private readonly DaemonEvent?[] _taken = new DaemonEvent?[Math.Min(MostTaken, capacity)];
    private DaemonEvent?[] _ring = [];
    private int _first;
    private int _count;
    private int _takenCount;
    private int _at;
    private bool _isEnded;
    private bool _isRead;
    private TaskCompletionSource? _waiting;
    private CancellationToken _cancellation = cancellation;
    private CancellationTokenSource? _linked;
    private CancellationTokenRegistration _registration;

    /// <inheritdoc />
    public DaemonEvent Current { get; private set; } = _overflow;

    /// <summary>Adds events for the reader.</summary>
    public void Add(ReadOnlySpan<DaemonEvent> events)
    {
        lock (_lock)
        {
            foreach (DaemonEvent received in events)
            {
                if (_count == capacity)
                {
                    Array.Clear(_ring);
                    _count = 0;
                    Put(_overflow);
                }

                if (_count < capacity)
                {
                    Put(received);
                }
            }

            _waiting?.TrySetResult();
            _waiting = null;
        }
    }

    /// <summary>Handles the end of the events.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isEnded = true;
            Wake();
        }
    }

    /// <inheritdoc />
    public IAsyncEnumerator<DaemonEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isRead, true))
        {
            throw new InvalidOperationException("A subscription can be enumerated once: call ReadEventsAsync again.");
        }

        if (cancellationToken.CanBeCanceled && cancellationToken != _cancellation)
        {
            _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellation);
            _cancellation = _linked.Token;
        }

        _registration = _cancellation.UnsafeRegister(static one => ((EventSubscription)one!).Wake(), this);
        return this;
    }

    /// <inheritdoc />
    public ValueTask<bool> MoveNextAsync()
    {
        if (_at == _takenCount && !TryTake())
        {
            return WaitAsync();
        }

        Next();
        return new ValueTask<bool>(true);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        hub.Remove(this);
        _registration.Dispose();
        _linked?.Dispose();
        lock (_lock)
        {
            _ring = [];
            _count = 0;
            _isEnded = true;
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask<bool> WaitAsync()
    {
        while (!TryTake())
        {
            Task waiting;
            lock (_lock)
            {
                if (_count > 0)
                {
                    continue;
                }

                if (_isEnded)
                {
                    return false;
                }

                _cancellation.ThrowIfCancellationRequested();
                _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting = _waiting.Task;
            }

            // A reader on a scheduler of its own goes on there, without a thread of the pool in between.
            await waiting.ConfigureAwait(TaskScheduler.Current != TaskScheduler.Default);
        }

        Next();
        return true;
    }

    private void Wake()
    {
        lock (_lock)
        {
            _waiting?.TrySetResult();
            _waiting = null;
        }
    }

    private void Next()
    {
        Current = _taken[_at]!;
        _taken[_at++] = null;
    }

    private bool TryTake()
    {
        _cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _takenCount = Math.Min(_count, _taken.Length);
            _at = 0;
            for (int index = 0; index < _takenCount; index++)
            {
                _taken[index] = _ring[_first];
                _ring[_first] = null;
                _first = (_first + 1) & (_ring.Length - 1);
            }

            _count -= _takenCount;
            if (_count == 0 && _ring.Length > MostTaken)
            {
                _ring = [];
            }

            return _takenCount > 0;
        }
    }

    private void Put(DaemonEvent received)
    {
        if (_count == _ring.Length)
        {
            // A power of two, so that an index is computed by a mask.
            var larger = new DaemonEvent?[Math.Max(FirstSize, 2 * _ring.Length)];
            for (int index = 0; index < _count; index++)
            {
                larger[index] = _ring[(_first + index) & (_ring.Length - 1)];
            }

            _ring = larger;
            _first = 0;
        }

        _ring[(_first + _count++) & (_ring.Length - 1)] = received;
    }
}
