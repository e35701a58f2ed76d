using System.Threading;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Signals;

/// <summary>
/// The signals that are counted, not obeyed. The handlers write arrivals straight into the image; here they are
/// announced, listed and cleared. So no arrival is lost, whatever happens in between.
/// </summary>
internal sealed unsafe class PendingSignals(StateImage image, SignalSet counted)
{
    /// <summary>The regions has a place for every signal number up to here.</summary>
    public const int Places = Signal.Highest + 1;

    private readonly Region<SignalCounts> _counts = new(image, RegionId.Signals);

    /// <summary>The signals whose pending count is not 0, a bit for each number.</summary>
    public ulong Pending { get; private set; }

    /// <summary>The counters that the signal handlers write.</summary>
    public SignalCounts* Counts => (SignalCounts*)_counts.First;

    public bool TryReserve() => _counts.TryReserve(Places - 1);

    /// <summary>The signals that the daemon counts instead of obeying them.</summary>
    public SignalSet Counted => counted;

    public bool IsCounted(Signal signal) => counted.Contains(signal);

    /// <summary>
    /// Announces the signals that arrived since the last call; they are noted in the image until their triggers are
    /// checked.
    /// </summary>
    public void Announce(IAnnouncer announcer)
    {
        while (true)
        {
            int signal = OldestUnannounced();
            if (signal == 0)
            {
                return;
            }

            Pending |= 1UL << signal;
            long count = Volatile.Read(ref Counts[signal].Arrived);
            image.Header.Arrived |= 1UL << signal;
            using (RecordWriter<SignalCounts> change = _counts.Change(signal))
            {
                change.Record.Announced = count;
            }

            image.Pass(CrashPoint.SignalNoted);
            LineWriter line = announcer.Begin();
            Write(ref line, signal);
            announcer.Announce(EventSubject.Of(new Signal(signal)), line);
        }
    }

    /// <summary>
    /// The pending signal that came next after this instant, by its last arrival; 0 when there is none.
    /// </summary>
    public int PendingAfter(Instant after, int afterSignal)
    {
        int best = 0;
        for (int signal = 1; signal < 64; signal++)
        {
            if (((Pending >> signal) & 1) == 0)
            {
                continue;
            }

            bool later = IsLater(signal, after.Nanoseconds, afterSignal);
            if (later && (best == 0 || !IsLater(signal, _counts[best].Last, best)))
            {
                best = signal;
            }
        }

        return best;
    }

    /// <summary>The time of this signal's last arrival.</summary>
    public Instant LastArrival(int signal) => new(_counts[signal].Last);

    public void Write(ref LineWriter line, int signal) =>
        Events.Signal(ref line, new Signal(signal), LastArrival(signal), PendingCount(signal));

    /// <summary>Takes so many arrivals off the pending count, not below 0.</summary>
    public void Clear(Signal signal, long count)
    {
        long pending = signal.Number is > 0 and < Places ? PendingCount(signal.Number) : 0;
        if (pending > 0)
        {
            using (RecordWriter<SignalCounts> change = _counts.Change(signal.Number))
            {
                change.Record.Cleared += count < pending ? count : pending;
            }

            Refresh();
        }
    }

    /// <summary>True if a signal has arrived that is not announced yet.</summary>
    public bool HasNews(int signal) => Volatile.Read(ref Counts[signal].Arrived) != _counts[signal].Announced;

    /// <summary>The counts of a signal.</summary>
    public ref readonly SignalCounts CountsOf(int signal) => ref _counts[signal];

    /// <summary>Begins the counts of a signal anew.</summary>
    public void Reset(int signal)
    {
        using RecordWriter<SignalCounts> change = _counts.Change(signal);
        change.Record = default;
    }

    /// <summary>Computes the pending signals from the image.</summary>
    public void Refresh()
    {
        Pending = 0;
        for (int signal = 1; signal < 64; signal++)
        {
            Pending |= PendingCount(signal) > 0 ? 1UL << signal : 0;
        }
    }

    // Announced signals count as pending; newer ones are announced in their step of the turn.
    private long PendingCount(int signal) => _counts[signal].Announced - _counts[signal].Cleared;

    private int OldestUnannounced()
    {
        int oldest = 0;
        for (int signal = 1; signal < 64; signal++)
        {
            if (HasNews(signal) && (oldest == 0 || _counts[signal].Last < _counts[oldest].Last))
            {
                oldest = signal;
            }
        }

        return oldest;
    }

    private bool IsLater(int signal, long last, int than) =>
        _counts[signal].Last > last || (_counts[signal].Last == last && signal > than);
}
