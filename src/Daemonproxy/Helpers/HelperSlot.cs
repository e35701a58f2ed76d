using System;
using Daemonproxy.Collections;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Helpers;

/// <summary>
/// One helper at a time: its record in the image, and the memory that it uses: a stack, the plan, and a path. What lies
/// there stands close together, so that an ordinary helper touches two pages.
/// </summary>
internal sealed unsafe class HelperSlot(SystemCalls kernel, Region<HelperRecord> records, int index, byte* memory)
{
    // A multiple of every page size.
    private const int GuardBytes = 64 * 1024;

    private bool _isGuarded;
    private bool _hasPlan;
    private int _textBytes;

    /// <summary>The memory that a slot needs.</summary>
    public static int MemoryBytes
    {
        get
        {
            int needed = GuardBytes + HelperPlan.StackBytes + sizeof(HelperPlan) + HelperPlan.PathBytes
                + GroupPlan.RoomBytes;
            return (needed + GuardBytes - 1) / GuardBytes * GuardBytes;
        }
    }

    public ref readonly HelperRecord Record => ref records[index];

    public bool IsFree => Record.State == HelperState.Free;

    /// <summary>True if there is a process, or may be one.</summary>
    public bool HasProcess => Record.State is HelperState.UnderWay or HelperState.Cancelled or HelperState.Lost;

    /// <summary>True if the helper was started by this process image: only then its plan is here.</summary>
    public bool HasPlan => _hasPlan;

    /// <summary>The path in the plan, without its NUL.</summary>
    public ReadOnlySpan<byte> PathText => MemoryMarshal.CreateReadOnlySpanFromNullTerminated(Plan.Path);

    /// <summary>The text of its plan that the helper has chosen, without its NUL; empty for none.</summary>
    public ReadOnlySpan<byte> FoundText => Plan.Answer.Found == null
        ? default
        : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(Plan.Answer.Found);

    /// <summary>The room for a path, of <see cref="HelperPlan.PathBytes"/>.</summary>
    public Span<byte> PathRoom => new(Plan.Path, HelperPlan.PathBytes);

    /// <summary>The plan; the helper's while it has a process.</summary>
    public ref HelperPlan Plan => ref *(HelperPlan*)(memory + GuardBytes + HelperPlan.StackBytes);

    /// <summary>A plan for a task, with the path or an empty one, to be completed. The slot is not taken yet.</summary>
    public ref HelperPlan Prepare(HelperTask task, ReadOnlySpan<byte> path)
    {
        if (!_isGuarded)
        {
            _isGuarded = true;
            kernel.Guard(memory, GuardBytes);
        }

        byte* room = memory + GuardBytes + HelperPlan.StackBytes + sizeof(HelperPlan);
        Assertion.Require(path.Length < HelperPlan.PathBytes);
        _hasPlan = true;
        _textBytes = 0;
        path.CopyTo(new Span<byte>(room, path.Length));
        room[path.Length] = 0;
        Plan = default;
        Plan.Task = task;
        Plan.Path = room;
        Plan.StackTop = memory + GuardBytes + HelperPlan.StackBytes;

        // The answer of a helper that is killed before it has one.
        Plan.Answer.Reason = Errno.EINTR;
        Plan.Answer.Fd = FdNumber.None;
        return ref Plan;
    }

    /// <summary>Writes the words of a control group, where the path would be, and gives the plan its room.</summary>
    public void WriteGroup(ReadOnlySpan<byte> words)
    {
        Span<byte> text = new(Plan.Path, HelperPlan.PathBytes);
        words.CopyTo(text);
        text[..words.Length].Replace((byte)'\t', (byte)0);
        text.Slice(words.Length, 2).Clear();
        Plan.Group.Words = Plan.Path;
        Plan.Group.Room = Plan.Path + HelperPlan.PathBytes;
        *Plan.Group.Room = 0;
    }

    /// <summary>Gives the file that the task makes an owner and permissions.</summary>
    public void WriteRights(bool hasPermissions, uint permissions, ReadOnlySpan<byte> owner)
    {
        Plan.HasPermissions = hasPermissions;
        Plan.Permissions = permissions;
        if (!owner.IsEmpty)
        {
            // Behind the room for the path: a control group uses it otherwise.
            Plan.Owner = Plan.Path + HelperPlan.PathBytes;
            owner.CopyTo(new Span<byte>(Plan.Owner, owner.Length));
            Plan.Owner[owner.Length] = 0;
        }
    }

    /// <summary>
    /// Adds a tree to search, with the path of its control group, or an empty one; false if there is no room.
    /// </summary>
    public bool TryAddTree(in ProcessScanTarget tree, ReadOnlySpan<byte> group)
    {
        ref ProcessScanPlan trees = ref Plan.Trees;
        if (trees.Count == ProcessScanPlan.Most || group.Length >= HelperPlan.PathBytes - _textBytes)
        {
            return false;
        }

        ref ProcessScanTarget added = ref trees.Entries[trees.Count++];
        added = tree;
        if (!group.IsEmpty)
        {
            added.Group = Plan.Path + _textBytes;
            group.CopyTo(new Span<byte>(added.Group, group.Length));
            added.Group[group.Length] = 0;
            _textBytes += group.Length + 1;
        }

        return true;
    }

    /// <summary>Bytes that are to be written behind those of the plan.</summary>
    public void SetRest(FixedArray<byte> rest, int bytes)
    {
        Plan.Rest = rest.Pointer;
        Plan.RestBytes = bytes;
    }

    /// <summary>Starts the helper that was prepared; when the kernel refuses, the slot is free again.</summary>
    public Errno Start(int connection, Instant deadline)
    {
        using (RecordWriter<HelperRecord> change = records.Change(index))
        {
            change.Record = new HelperRecord
            {
                State = HelperState.UnderWay,
                Task = Plan.Task,
                Connection = connection,
                Deadline = deadline,
                Writer = Plan.Task == HelperTask.WriteOutput ? (int)Plan.Ticket : 0,
            };
            Plan.Progress = &change.Record.Progress;
        }

        records.Pass(CrashPoint.HelperTaken);
        Errno refused;
        using (RecordWriter<HelperRecord> change = records.Change(index))
        {
            refused = kernel.StartHelper(ref Plan, ref change.Record.Pid);
        }

        records.Pass(CrashPoint.HelperStarted);
        if (refused != Errno.None)
        {
            Free();
        }

        return refused;
    }

    /// <summary>
    /// The process has ended, and its answer waits. Its number stays for a resume, which may find the child reaped and
    /// not dealt with.
    /// </summary>
    public void MarkAnswered()
    {
        using RecordWriter<HelperRecord> change = records.Change(index);
        change.Record.State = HelperState.Answered;
        change.Record.Deadline = Instant.Never;
    }

    /// <summary>The process was sent SIGKILL; at this time it counts as lost.</summary>
    public void MarkCancelled(Instant deadline)
    {
        using RecordWriter<HelperRecord> change = records.Change(index);
        change.Record.State = HelperState.Cancelled;
        change.Record.Deadline = deadline;
    }

    /// <summary>The process does not end.</summary>
    public void MarkLost()
    {
        using RecordWriter<HelperRecord> change = records.Change(index);
        change.Record.State = HelperState.Lost;
        change.Record.Deadline = Instant.Never;
    }

    /// <summary>Marks the answer as unwanted.</summary>
    public void Orphan()
    {
        using RecordWriter<HelperRecord> change = records.Change(index);
        change.Record.Connection = HelperRecord.NoConnection;
    }

    /// <summary>The slot can be used again.</summary>
    public void Free()
    {
        using RecordWriter<HelperRecord> change = records.Change(index);
        change.Record = default;
    }
}
