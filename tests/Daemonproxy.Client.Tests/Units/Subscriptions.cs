using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Units;

/// <summary>The events of each subscription.</summary>
public sealed class Subscriptions : IAsyncDisposable
{
    private readonly Peer _peer = new();

    private DaemonConnection Daemon => _peer.Connection;

    [Fact]
    public async Task EachReaderHasAllEventsFromItsCallOn()
    {
        IAsyncEnumerable<DaemonEvent> first = Daemon.ReadEventsAsync(Patience.Token);
        _peer.Tell("info⇥1");
        await _peer.SynchronizeAsync();
        IAsyncEnumerable<DaemonEvent> second = Daemon.ReadEventsAsync(Patience.Token);
        _peer.Tell("info⇥2");
        _peer.End();
        Assert.Equal([new InfoEvent("1"), new InfoEvent("2")], await AllAsync(first));
        Assert.Equal([new InfoEvent("2")], await AllAsync(second));
    }

    [Fact]
    public async Task AReaderThatIsTooSlowIsNotifiedAndNoOtherOne()
    {
        IAsyncEnumerable<DaemonEvent> slow = Daemon.ReadEventsAsync(4, Patience.Token);
        IAsyncEnumerable<DaemonEvent> patient = Daemon.ReadEventsAsync(6, Patience.Token);
        _peer.Tell([.. Enumerable.Range(0, 6).Select(number => $"info⇥{number}")]);
        _peer.End();
        await Daemon.Closed.Within();
        Assert.Equal([new OverflowEvent(), new InfoEvent("4"), new InfoEvent("5")], await AllAsync(slow));
        Assert.Equal(6, (await AllAsync(patient)).Count);
    }

    [Fact]
    public async Task EventsKeepTheirOrderHoweverManyWait()
    {
        const int count = 5000;
        IAsyncEnumerable<DaemonEvent> events = Daemon.ReadEventsAsync(Patience.Token);
        _ = Task.Run(() =>
        {
            for (int number = 0; number < count; number += 100)
            {
                _peer.Tell([.. Enumerable.Range(number, 100).Select(one => $"info⇥{one}")]);
            }

            _peer.End();
        });
        List<DaemonEvent> told = await AllAsync(events);
        Assert.Equal(Enumerable.Range(0, count).Select(number => new InfoEvent($"{number}")), told.Cast<InfoEvent>());
    }

    [Fact]
    public async Task AReaderThatHasLeftGetsNothing()
    {
        using var cancellation = new CancellationTokenSource();
        Task<List<DaemonEvent>> reading = AllAsync(Daemon.ReadEventsAsync(cancellation.Token));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Within());
        await using IAsyncEnumerator<DaemonEvent> left = Daemon.ReadEventsAsync().GetAsyncEnumerator();
        await left.DisposeAsync();
        Assert.False(await left.MoveNextAsync());
        Assert.Throws<ArgumentOutOfRangeException>("capacity", () => Daemon.ReadEventsAsync(0));
        IAsyncEnumerable<DaemonEvent> once = Daemon.ReadEventsAsync();
        _ = once.GetAsyncEnumerator();
        Assert.Throws<InvalidOperationException>(() => once.GetAsyncEnumerator());
    }

    // Against a list that does the same slowly.
    [Fact]
    public async Task EventsOfRandomBatchesComeInOrderOrAsAnOverflow()
    {
        var random = new Random(5);
        foreach (int capacity in (int[])[1, 2, 7, 300, 5000])
        {
            var subscription = new EventSubscription(new EventHub(), capacity, Patience.Token);
            var waiting = new Queue<DaemonEvent>();
            var taken = new Queue<DaemonEvent>();
            int number = 0;
            for (int round = 0; round < 400; round++)
            {
                EventSlot[] batch =
                [
                    .. Enumerable.Range(0, random.Next(0, capacity + 20))
                        .Select(_ => new EventSlot(new InfoEvent($"{number++}"))),
                ];
                subscription.Add(batch);
                foreach (EventSlot slot in batch)
                {
                    AddSlowly(waiting, slot.Event!, capacity);
                }

                for (int left = random.Next(0, capacity + 20); left > 0 && taken.Count + waiting.Count > 0; left--)
                {
                    while (taken.Count == 0)
                    {
                        taken = new(waiting.Take(EventSubscription.MostTaken));
                        waiting = new(waiting.Skip(taken.Count));
                    }

                    Assert.True(await subscription.MoveNextAsync());
                    Assert.Equal(taken.Dequeue(), subscription.Current);
                }
            }
        }
    }

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private static void AddSlowly(Queue<DaemonEvent> waiting, DaemonEvent received, int capacity)
    {
        if (waiting.Count == capacity)
        {
            waiting.Clear();
            waiting.Enqueue(new OverflowEvent());
        }

        if (waiting.Count < capacity)
        {
            waiting.Enqueue(received);
        }
    }

    private static async Task<List<DaemonEvent>> AllAsync(IAsyncEnumerable<DaemonEvent> events)
    {
        List<DaemonEvent> all = [];
        await foreach (DaemonEvent told in events)
        {
            all.Add(told);
        }

        return all;
    }
}
