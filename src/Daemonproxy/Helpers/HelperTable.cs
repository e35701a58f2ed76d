using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Processes;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Helpers;

/// <summary>
/// The helpers: processes that share our memory and our descriptors, and make the system calls that may wait. Each has
/// a slot, and is cancelled when it takes too long.
/// </summary>
internal sealed unsafe partial class HelperTable : EventSource, IChildOwner, IRecordTable
{
    /// <summary>
    /// After SIGKILL a process ends within milliseconds, unless it is in state D, which SIGKILL does not end.
    /// </summary>
    private static readonly Seconds DeathTime = new(1);

    // More than there are tasks.
    private const int Tasks = 32;

    // The number of slots that are kept for commands: the closing of descriptors takes the others at most.
    private const int KeptSlots = 4;

    private readonly SystemCalls _kernel;
    private readonly StateImage _image;
    private readonly Statistics _statistics;
    private readonly Log _log;
    private readonly Region<HelperRecord> _records;
    private readonly HelperSlot[] _slots = new HelperSlot[Limits.HelperSlots];
    private readonly IHelperOwner?[] _owners = new IHelperOwner?[Tasks];

    // Whether a command waits for a slot, and whether one was freed since the turn began.
    private bool _isShort;
    private bool _isFreed;

    public HelperTable(SystemCalls kernel, StateImage image, Statistics statistics, Log log)
    {
        _kernel = kernel;
        _image = image;
        _statistics = statistics;
        _log = log;
        _records = new Region<HelperRecord>(image, RegionId.Helpers);
        byte* memory = (byte*)kernel.Allocate((long)_slots.Length * HelperSlot.MemoryBytes);
        for (int index = 0; index < _slots.Length; index++)
        {
            _slots[index] = new HelperSlot(kernel, _records, index, memory + ((long)index * HelperSlot.MemoryBytes));
        }

        _rest = new FixedArray<byte>(kernel, Limits.Outbox);
        Closer = new DescriptorCloser(kernel, this);
    }

    /// <summary>All slots, free ones too.</summary>
    public ReadOnlySpan<HelperSlot> All => _slots;

    /// <summary>Closes what may wait.</summary>
    public DescriptorCloser Closer { get; }

    /// <summary>Registers the owner of a task; once, when the daemon is built.</summary>
    public void SetOwner(HelperTask task, IHelperOwner owner) => _owners[(int)task] = owner;

    /// <summary>True if a helper can be started; a command that needs one waits otherwise.</summary>
    public bool HasFree
    {
        get
        {
            _isShort |= FreeCount == 0;
            return FreeCount > 0;
        }
    }

    /// <summary>True if a helper can be started for a task that no command waits for.</summary>
    public bool HasSpare => FreeCount > KeptSlots;

    public bool TryReserve() => _records.TryReserve(_slots.Length - 1);

    /// <summary>
    /// Finds a slot for a task of a connection, and its plan, to be completed and started; false when all are in use.
    /// </summary>
    public bool TryPrepare(HelperTask task, ReadOnlySpan<byte> path, out HelperSlot slot)
    {
        bool isForCommand = MayOpen(task);
        int at = 0;
        while (at < _slots.Length - 1 && !_slots[at].IsFree)
        {
            at++;
        }

        slot = _slots[at];
        bool isFound = FreeCount > (isForCommand ? 0 : KeptSlots);
        _isShort |= isForCommand && !isFound;
        if (isFound)
        {
            slot.Prepare(task, path);
        }

        return isFound;
    }

    /// <summary>Starts the helper of a prepared slot, for a connection or for none.</summary>
    public Errno Start(HelperSlot slot, int connection)
    {
        bool isBounded = slot.Plan.Task != HelperTask.WriteOutput;
        Errno refused = slot.Start(
            connection, isBounded ? _kernel.Now() + new Seconds(Limits.HelperBound) : Instant.Never);
        Count();
        return refused;
    }

    /// <summary>True if the line of a connection that waits for a helper can run again.</summary>
    public bool CanGoOn(int connection) => Find(connection) is HelperSlot slot
        ? slot.Record.State != HelperState.UnderWay
        : FreeCount > 0;

    /// <summary>Takes the answer for a connection, if a helper has answered, or has taken too long.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="slot">The slot, in which the path is until it is used again.</param>
    public bool TryTakeAnswer(int connection, out HelperAnswer answer, out HelperSlot slot)
    {
        answer = default;
        slot = _slots[0];
        if (Find(connection) is not HelperSlot found || found.Record.State == HelperState.UnderWay)
        {
            return false;
        }

        slot = found;
        if (slot.Record.State == HelperState.Answered)
        {
            answer = slot.Plan.Answer;
            Free(slot);
        }
        else
        {
            answer.Reason = Errno.ETIMEDOUT;
            answer.Fd = FdNumber.None;
            slot.Orphan();
        }

        Count();
        return true;
    }

    /// <summary>Handles a connection that no longer waits. Descriptors made for it are closed.</summary>
    public void Forget(int connection)
    {
        if (Find(connection) is HelperSlot slot)
        {
            slot.Orphan();
            if (slot.Record.State == HelperState.Answered)
            {
                Discard(slot);
            }
        }
    }

    /// <summary>
    /// Sends SIGKILL to all running helpers but those that write an output. No command waits for them any more: their
    /// commands run again, or were answered.
    /// </summary>
    public void Stop(Instant now)
    {
        foreach (HelperSlot slot in _slots)
        {
            if (slot.Record.Task == HelperTask.WriteOutput)
            {
                KeepWriting(slot, now);
            }
            else if (slot.HasProcess && !slot.Record.Pid.IsNone && _kernel.IsChild(slot.Record.Pid))
            {
                _kernel.Kill(slot.Record.Pid, new Signal(Signal.SIGKILL));
                slot.Orphan();
                slot.MarkCancelled(now + DeathTime);
            }
            else if (!slot.IsFree && !slot.Record.Pid.IsNone && slot.Record.Pid == _image.Header.Reaped.Pid)
            {
                // It was reaped, and its end is still to be dealt with.
                slot.Orphan();
                slot.MarkCancelled(now + DeathTime);
            }
            else if (!slot.IsFree)
            {
                slot.Orphan();
                Discard(slot);
            }
        }

        Count();
    }

    public override Instant PrepareWait(Instant now)
    {
        Instant next = _isShort && _isFreed ? now : Closer.NextTry(now, FreeCount > KeptSlots);
        foreach (HelperSlot slot in _slots)
        {
            next = slot.HasProcess ? Instant.Earlier(next, slot.Record.Deadline) : next;
        }

        return next;
    }

    /// <summary>
    /// Cancels helpers that take too long, before commands run: their answer is known then. In both steps, closes
    /// pending descriptors.
    /// </summary>
    public override void Run(TurnStep step, ref Instant now)
    {
        Closer.Run(now);
        if (step != TurnStep.Reaping)
        {
            return;
        }

        _isShort = false;
        _isFreed = false;
        foreach (HelperSlot slot in _slots)
        {
            if (slot.HasProcess && slot.Record.Deadline <= now)
            {
                Cancel(slot, now);
            }
        }
    }

    public bool TryEnd(in ReapedChild child, Instant now)
    {
        foreach (HelperSlot slot in _slots)
        {
            if (slot.HasProcess && slot.Record.Pid == child.Pid)
            {
                End(slot, now);
                return true;
            }
        }

        return false;
    }

    int IRecordTable.Suspect => _records.Suspect;

    bool IRecordTable.IsRebuiltFromEnd => false;

    int IRecordTable.BeginRebuild() => _slots.Length;

    bool IRecordTable.IsFree(int index) => _slots[index].IsFree;

    FixedName IRecordTable.NameOf(int index) => default;

    void IRecordTable.Keep(int index)
    {
    }

    void IRecordTable.Drop(int index) => _slots[index].Free();

    void IRecordTable.EndRebuild() => Count();

    private int FreeCount
    {
        get
        {
            int count = 0;
            foreach (HelperSlot slot in _slots)
            {
                count += slot.IsFree ? 1 : 0;
            }

            return count;
        }
    }

    private HelperSlot? Find(int connection)
    {
        foreach (HelperSlot slot in _slots)
        {
            if (!slot.IsFree && slot.Record.Connection == connection)
            {
                return slot;
            }
        }

        return null;
    }

    private void Cancel(HelperSlot slot, Instant now)
    {
        if (slot.Record.State == HelperState.UnderWay)
        {
            Kill(slot.Record.Pid);
            slot.MarkCancelled(now + DeathTime);

            OwnerOf(slot)?.GiveUp(slot);
        }
        else
        {
            slot.MarkLost();
            LogMessages.HelperLost(_log, slot.Record.Pid);
        }

        Count();
    }

    // Handles the end of the process. A killed helper may have answered before: its descriptor is closed.
    private void End(HelperSlot slot, Instant now)
    {
        bool wasCancelled = slot.Record.State != HelperState.UnderWay;
        slot.MarkAnswered();
        _image.Pass(CrashPoint.HelperEnded);
        if (slot.HasPlan && !MayOpen(slot.Record.Task))
        {
            Closer.Finish(slot.Plan);
        }

        _hadSlow |= slot.HasPlan && slot.Plan.Answer.Blocking == FdBlocking.All;
        if (wasCancelled)
        {
            _hadSlow |= slot.Record.Task is HelperTask.Open or HelperTask.Examine;
            HasSurplus |= slot.HasPlan && MayOpen(slot.Record.Task);
            DropAnswer(slot);
            slot.Plan.Answer.Reason = Errno.ETIMEDOUT;
        }

        if (slot.Record.Connection == HelperRecord.NoConnection)
        {
            OwnerOf(slot)?.Finish(slot, ref slot.Plan.Answer, now);
            Discard(slot);
        }

        Count();
    }

    // No owner waits for a helper of the previous process image, unless it writes an output.
    private IHelperOwner? OwnerOf(HelperSlot slot) =>
        slot.HasPlan || slot.Record.Task == HelperTask.WriteOutput ? _owners[(int)slot.Record.Task] : null;

    private void Discard(HelperSlot slot)
    {
        DropAnswer(slot);
        Free(slot);
        Count();
    }

    private void Free(HelperSlot slot)
    {
        slot.Free();
        _isFreed = true;
    }

    // The answer of a helper of the previous process image is lost: its results have no record.
    private void DropAnswer(HelperSlot slot)
    {
        if (!slot.HasPlan)
        {
            return;
        }

        ref HelperAnswer answer = ref slot.Plan.Answer;
        FdNumber fd = answer.Fd;
        answer.Fd = FdNumber.None;
        if (!fd.IsNone)
        {
            Closer.Close(fd, answer.Blocking);
        }
    }

    private void Kill(Pid pid)
    {
        if (pid.Value > 1 && _kernel.IsChild(pid))
        {
            _kernel.Kill(pid, new Signal(Signal.SIGKILL));
        }
    }

    private void Count()
    {
        int waiting = 0;
        int lost = 0;
        foreach (HelperSlot slot in _slots)
        {
            waiting += slot.Record.State is HelperState.UnderWay or HelperState.Cancelled ? 1 : 0;
            lost += slot.Record.State == HelperState.Lost ? 1 : 0;
        }

        _statistics.Set(Counter.HelpersWaiting, waiting);
        _statistics.Set(Counter.HelpersLost, lost);
    }
}
