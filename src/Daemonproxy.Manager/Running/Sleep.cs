using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Daemonproxy.Client;

namespace Daemonproxy.Manager.Running;

/// <summary>The manager's sleep: until a time, an event of the daemon, or a call of <see cref="Wake"/>.</summary>
/// <param name="stopping">Ends every sleep.</param>
internal sealed class Sleep(CancellationToken stopping)
{
    private const long MostGarbage = 4 << 20;

    // The wall clock may be set; schedules check it at least this often.
    private static readonly TimeSpan _longestWithSchedule = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _swarm = TimeSpan.FromMilliseconds(2);

    // The longest time of a timer.
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private long _allocated;

    /// <summary>The daemon's clock with its fraction of a second.</summary>
    public static double ExactClock() => (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;

    /// <summary>Ends the sleep, or the next one.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Wakes at each event.</summary>
    public async Task WakeByAsync(IAsyncEnumerable<DaemonEvent> events)
    {
        try
        {
            await foreach (DaemonEvent _ in events.ConfigureAwait(false))
            {
                Wake();
            }
        }
        finally
        {
            _wake.Writer.TryComplete();
        }
    }

    /// <summary>Sleeps.</summary>
    /// <param name="until">The latest time to wake up; null for none.</param>
    /// <param name="hasSchedule">True if a schedule depends on the time of day.</param>
    /// <exception cref="OperationCanceledException">The manager is being stopped.</exception>
    public async Task UntilAsync(Instant? until, bool hasSchedule)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        TimeSpan longest = hasSchedule ? _longestWithSchedule : _longest;
        TimeSpan? wait = until is { } time ? Until(time) : hasSchedule ? longest : null;
        if (wait is { } limit)
        {
            timer.CancelAfter(limit < longest ? limit : longest);
        }

        GiveMemoryBack();
        try
        {
            await _wake.Reader.ReadAsync(timer.Token).ConfigureAwait(false);

            // Events come in bursts when many services start at once: one plan serves a whole burst.
            await Task.Delay(_swarm, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // It is time.
        }
        catch (ChannelClosedException)
        {
            // The daemon has ended.
        }
    }

    // Until the second begins; the daemon counts whole seconds.
    private static TimeSpan Until(Instant time) =>
        TimeSpan.FromSeconds(Math.Max(0.001, time.Value - ExactClock() + 0.001));

    // A plan leaves garbage. The collector would keep the memory for the next plan, which may be days away.
    private void GiveMemoryBack()
    {
        long allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _allocated > MostGarbage)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _allocated = allocated;
        }
    }
}
