using System;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Launching;

/// <summary>
/// The slots: a fixed number, made once, each for one launch at a time. The first free one is taken, so that launches
/// one by one use the same memory.
/// </summary>
internal sealed unsafe class LaunchSlots : IRecordTable
{
    /// <summary>
    /// One second: a burst is over then, and what it touched goes back to the kernel; during one nothing is given back
    /// only to be touched again.
    /// </summary>
    private static readonly Seconds IdleTime = new(1);

    /// <summary>
    /// One second: a launch that does not hang is over then, and has given its descriptors back.
    /// </summary>
    private static readonly Seconds ShortTime = new(1);

    private readonly LaunchSlot[] _slots = new LaunchSlot[Limits.LaunchSlots];
    private readonly SystemCalls _kernel;
    private readonly SharedLaunchData _context;
    private readonly LaunchThrottle _pace;
    private readonly LaunchDescriptors _descriptors;
    private readonly Statistics _statistics;
    private readonly Region<LaunchRecord> _records;
    private int _used;
    private int _cancelled;
    private int _touched;
    private Instant _lastTaken;
    private ReportPipe _spare = ReportPipe.None;

    public LaunchSlots(
        SystemCalls kernel,
        StateImage image,
        Statistics statistics,
        FdTable fds,
        SharedLaunchData context,
        LaunchThrottle pace)
    {
        _kernel = kernel;
        _pace = pace;
        _context = context;
        _statistics = statistics;
        _descriptors = new LaunchDescriptors(fds);
        _records = new Region<LaunchRecord>(image, RegionId.Launches);
        int bytes = LaunchSlot.MemoryBytes(context.Count);
        byte* memory = (byte*)kernel.Allocate((long)_slots.Length * bytes);
        for (int index = 0; index < _slots.Length; index++)
        {
            _slots[index] = new LaunchSlot(kernel, _records, index, memory + ((long)index * bytes), bytes);
        }
    }

    /// <summary>All slots, free ones too.</summary>
    public ReadOnlySpan<LaunchSlot> All => _slots;

    /// <summary>True if a launch is under way, or was cancelled and has not ended.</summary>
    public bool HasUsed => _used > 0;

    /// <summary>The time at which idle memory is given back; never when there is none.</summary>
    public Instant ReleaseDue { get; private set; } = Instant.Never;

    /// <summary>
    /// The time from which one more launch can begin; never while all slots are used. It follows the pace; and where
    /// descriptors are short, a launch waits for those before it, up to <see cref="ShortTime"/>.
    /// </summary>
    public Instant FreeAt(Instant now)
    {
        if (_used == _slots.Length)
        {
            return Instant.Never;
        }

        Instant free = _pace.FreeAt(now);
        Instant rested = _spare.IsNone && HasUsed ? _lastTaken + ShortTime : Instant.None;
        return free > rested ? free : rested;
    }

    /// <summary>True while controllers are to be served after each process that is made.</summary>
    public bool IsOneByOne(Instant now) => _pace.IsOneByOne(now);

    public bool TryReserve() => _records.TryReserve(_slots.Length - 1);

    /// <summary>The connection that a service with these descriptors asks for.</summary>
    public WantedConnection ConnectionOf(ReadOnlySpan<byte> names) => _descriptors.ConnectionOf(names);

    /// <summary>
    /// Makes the pipe in reserve, if there is none: with it a service can be started although no descriptor is left.
    /// </summary>
    public void Replenish()
    {
        if (_spare.IsNone)
        {
            _ = _kernel.ReportPipe(out _spare);
        }
    }

    /// <summary>
    /// Takes a free slot for a launch of a service, with its plan; the error is that of pipe(2), where the one in
    /// reserve is in use, too.
    /// </summary>
    public Errno TryTake(int owner, in LaunchSpecification specification, Instant now, out LaunchSlot slot)
    {
        int index = 0;
        while (_slots[index].IsInUse)
        {
            index++;
        }

        slot = _slots[index];
        Errno refused = _kernel.ReportPipe(out ReportPipe pipe);
        if (refused != Errno.None)
        {
            if (_spare.IsNone)
            {
                return refused;
            }

            pipe = _spare;
            _spare = ReportPipe.None;
        }

        slot.Take(owner, pipe, specification.Program, now + new Seconds(Limits.LaunchBound));
        slot.Prepare(specification, _descriptors, _context);
        _touched = Math.Max(_touched, index + 1);
        ReleaseDue = Instant.Never;
        _lastTaken = now;
        _pace.Begin(owner, now);
        _used++;
        Count();
        return Errno.None;
    }

    /// <summary>The slot of a service's launch; null when none is under way.</summary>
    public LaunchSlot? Find(int owner)
    {
        for (int index = 0; _used > 0 && index < _slots.Length; index++)
        {
            if (_slots[index].IsInUse && _slots[index].Record.Owner == owner)
            {
                return _slots[index];
            }
        }

        return null;
    }

    /// <summary>Notes that the process of a launch was sent SIGKILL.</summary>
    public void Cancel(LaunchSlot slot)
    {
        slot.MarkCancelled();
        _cancelled++;
        Count();
    }

    /// <summary>Handles the end of a process, which no longer competes for processors.</summary>
    public void NoteEnd(int owner) => _pace.End(owner);

    /// <summary>A launch is over.</summary>
    public void Free(LaunchSlot slot, Instant now)
    {
        _cancelled -= slot.Record.State == LaunchState.Cancelled ? 1 : 0;
        _used--;
        if (_used == 0)
        {
            _kernel.RestoreDumpable();
        }

        _pace.NoteExecuted(slot.Record.Owner);
        slot.Free();
        Replenish();
        Count();
        ReleaseDue = _used == 0 && _touched > 1 ? now + IdleTime : Instant.Never;
    }

    /// <summary>Gives the memory of all slots but the first back, when no launch has needed it for some time.</summary>
    public void ReleaseIdle(Instant now)
    {
        if (ReleaseDue <= now)
        {
            for (int index = 1; index < _touched; index++)
            {
                _slots[index].ReleaseMemory();
            }

            _touched = 1;
            ReleaseDue = Instant.Never;
        }
    }

    /// <summary>
    /// Adds the numbers of the descriptors of all launches under way, and of the pipe in reserve: at most two more than
    /// there are slots.
    /// </summary>
    public int CollectNumbers(Span<FdNumber> into)
    {
        int count = 0;
        if (!_spare.IsNone)
        {
            into[count++] = _spare.Reader;
            into[count++] = _spare.Writer;
        }

        foreach (LaunchSlot slot in _slots)
        {
            if (slot.IsInUse)
            {
                into[count++] = slot.Record.Source;
            }
        }

        return count;
    }

    int IRecordTable.Suspect => _records.Suspect;

    bool IRecordTable.IsRebuiltFromEnd => false;

    int IRecordTable.BeginRebuild() => _slots.Length;

    bool IRecordTable.IsFree(int index) => !_slots[index].IsInUse;

    FixedName IRecordTable.NameOf(int index) => default;

    void IRecordTable.Keep(int index)
    {
        _used++;
        _cancelled += _records[index].State == LaunchState.Cancelled ? 1 : 0;
    }

    void IRecordTable.Drop(int index) => _slots[index].Drop();

    void IRecordTable.EndRebuild() => Count();

    private void Count()
    {
        _statistics.Set(Counter.LaunchesWaiting, _used - _cancelled);
        _statistics.Set(Counter.LaunchesLost, _cancelled);
    }
}
