using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>The statistics of the daemon, in the image, so that counts continue after a crash.</summary>
internal sealed class Statistics(StateImage image)
{
    private readonly Region<CounterRecord> _counters = new(image, RegionId.Counters);
    private readonly RecordRef<CounterRecord> _slot = new Region<CounterRecord>(image, RegionId.Counters).Slot(0);

    public long this[Counter counter] => _slot.Value[(int)counter];

    public bool TryReserve() => _counters.TryReserve(0);

    /// <summary>Begins a count anew.</summary>
    public void Reset(Counter counter)
    {
        using RecordWriter<CounterRecord> change = _slot.Change();
        change.Record[(int)counter] = 0;
    }

    public void Add(Counter counter, long more = 1)
    {
        using RecordWriter<CounterRecord> change = _slot.Change();
        change.Record[(int)counter] += more;
    }

    /// <summary>Notes how much of something there is now.</summary>
    public void Set(Counter used, long value)
    {
        if (value != this[used])
        {
            using RecordWriter<CounterRecord> change = _counters.Change(0);
            change.Record[(int)used] = value;
        }
    }

    /// <summary>Notes how much of something is in use, and the most there ever was.</summary>
    public void Use(Counter used, Counter most, long value)
    {
        using RecordWriter<CounterRecord> change = _slot.Change();
        change.Record[(int)used] = value;
        if (value > change.Record[(int)most])
        {
            change.Record[(int)most] = value;
        }
    }

    /// <summary>Notes that something was as full, or happened as often, as this.</summary>
    public void Raise(Counter most, long value)
    {
        if (value > this[most])
        {
            using RecordWriter<CounterRecord> change = _slot.Change();
            change.Record[(int)most] = value;
        }
    }
}
