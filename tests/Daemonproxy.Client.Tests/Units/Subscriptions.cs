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

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

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
