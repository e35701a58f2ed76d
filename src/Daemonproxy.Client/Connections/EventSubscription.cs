using System;
using System.Collections.Generic;
using System.Numerics;
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
    /// <summary>The events that a reader takes at once. They may exceed the capacity while they are read.</summary>
    public const int MostTaken = 256;

    private const int FirstSize = 32;

    // A larger ring is given up when it is empty: one of 64 KB is kept, for the events of a few receives.
    private const int MostKept = 8192;

    private static readonly OverflowEvent _overflow = new();

    private readonly Lock _lock = new();
    private readonly EventSlot[] _taken = new EventSlot[Math.Min(MostTaken, capacity)];
    private EventSlot[] _ring = [];
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
    public void Add(ReadOnlySpan<EventSlot> events)
    {
        lock (_lock)
        {
            while (!events.IsEmpty)
            {
                if (_count == capacity)
                {
                    Discard();
                    if (capacity == 1)
                    {
                        break;
                    }
                }

                int fitting = Math.Min(events.Length, capacity - _count);
                Put(events[..fitting]);
                events = events[fitting..];
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
        Current = _taken[_at].Event!;
        _taken[_at++] = default;
    }

    private bool TryTake()
    {
        _cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _takenCount = Math.Min(_count, _taken.Length);
            _at = 0;
            Span<EventSlot> beforeEnd = _ring.AsSpan(_first, Math.Min(_takenCount, _ring.Length - _first));
            Span<EventSlot> fromBegin = _ring.AsSpan(0, _takenCount - beforeEnd.Length);
            beforeEnd.CopyTo(_taken);
            fromBegin.CopyTo(_taken.AsSpan(beforeEnd.Length));
            beforeEnd.Clear();
            fromBegin.Clear();
            _first = (_first + _takenCount) & (_ring.Length - 1);
            _count -= _takenCount;
            if (_count == 0)
            {
                _first = 0;
                _ring = _ring.Length > MostKept ? [] : _ring;
            }

            return _takenCount > 0;
        }
    }

    // They are replaced by an overflow event.
    private void Discard()
    {
        Array.Clear(_ring);
        _first = 0;
        _count = 0;
        Put([new EventSlot(_overflow)]);
    }

    // There is room for them below the capacity.
    private void Put(ReadOnlySpan<EventSlot> events)
    {
        if (_ring.Length - _count < events.Length)
        {
            Enlarge(_count + events.Length);
        }

        int end = (_first + _count) & (_ring.Length - 1);
        int beforeEnd = Math.Min(events.Length, _ring.Length - end);
        events[..beforeEnd].CopyTo(_ring.AsSpan(end));
        events[beforeEnd..].CopyTo(_ring);
        _count += events.Length;
    }

    private void Enlarge(int least)
    {
        // A power of two, so that an index is computed by a mask.
        var larger = new EventSlot[Math.Max(FirstSize, (int)BitOperations.RoundUpToPowerOf2((uint)least))];
        int beforeEnd = Math.Min(_count, _ring.Length - _first);
        _ring.AsSpan(_first, beforeEnd).CopyTo(larger);
        _ring.AsSpan(0, _count - beforeEnd).CopyTo(larger.AsSpan(beforeEnd));
        _ring = larger;
        _first = 0;
    }
}
