using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The children that services make, and the walks that find them.</summary>
internal sealed unsafe partial class SimKernel
{
    /// <summary>Why no control group can be made; none when it can.</summary>
    public Errno GroupFault { get; set; }

    /// <summary>Making a control group takes so many nanoseconds; below 0: it does not end.</summary>
    public long GroupTime { get; set; }

    // The group that is open as each descriptor.
    private readonly long[] _groups = new long[4096];

    /// <summary>
    /// Makes a group <c>/groups/SERVICE.NUMBER</c>, which exists as long as it has members. On failure it says that of
    /// its first word.
    /// </summary>
    private Errno MakeGroup(GroupPlan* plan, out FdNumber fd)
    {
        fd = FdNumber.None;
        ReadOnlySpan<byte> path = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(plan->Words);
        LineWriter room = new(new Span<byte>(plan->Room, GroupPlan.PathBytes));
        if (GroupFault != Errno.None)
        {
            byte* word = plan->Words + path.Length + 1;
            room.Text(*word == 0 ? path : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(word));
            room.Byte(0);
            return GroupFault;
        }

        room.Text("/groups/"u8);
        room.Text(plan->Service.Value.Bytes);
        room.Text("."u8);
        room.Integer(plan->Number);
        room.Byte(0);
        plan->HasLeaf = true;
        Errno reason = Open("/dev/null\0"u8, OpenMode.Read, out fd);
        if (reason == Errno.None)
        {
            _groups[fd.Value] = plan->Number;
        }

        return reason;
    }

    private static long NumberOf(byte* group)
    {
        ReadOnlySpan<byte> path = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(group);
        _ = ArgumentTypes.TryInteger(path[(path.LastIndexOf((byte)'.') + 1)..], out long number);
        return number;
    }

    /// <summary>A child that the daemon did not launch, as a subreaper gets them.</summary>
    public SimProcess Adopt()
    {
        SimProcess process = NewProcess();
        process.EndsAt = long.MaxValue;
        process.ExecutesAt = long.MaxValue;
        return process;
    }

    /// <summary>A process that is not a child of the daemon, and is none of its business.</summary>
    public SimProcess Neighbour()
    {
        SimProcess process = Adopt();
        process.IsChild = false;
        return process;
    }

    /// <summary>A child of a service, in its group and session.</summary>
    public SimProcess Fork(SimProcess parent, ulong ignored)
    {
        SimProcess process = Neighbour();
        process.Group = parent.Group;
        process.Session = parent.Session;
        process.Cgroup = parent.Cgroup;
        process.Ignored = ignored;
        return process;
    }

    public override bool IsSessionGone(Pid leader)
    {
        foreach (SimProcess process in _processes)
        {
            if (process.State != SimProcessState.Free && process.Session == leader.Value)
            {
                return false;
            }
        }

        return true;
    }

    // The groups that are watched.
    private readonly HashSet<long> _watchedGroups = [];
    private bool _hasGroupNotice;

    // A number that no descriptor has.
    private static FdNumber GroupWatch => new(5000);

    public override FdNumber WatchGroups() =>
        Faults.Enter(SimCall.WatchGroups) == Errno.None ? GroupWatch : FdNumber.None;

    public override bool TakeGroupNotice()
    {
        bool isTaken = _hasGroupNotice;
        _hasGroupNotice = false;
        return isTaken;
    }

    /// <summary>Something changes in the control groups that are watched, and none becomes empty.</summary>
    public void ChangeGroups()
    {
        _hasGroupNotice |= _watchedGroups.Count > 0;
        _wake |= _hasGroupNotice;
        _watchedGroups.Clear();
    }

    /// <summary>The groups that are watched, which end with the program.</summary>
    private void ForgetGroups()
    {
        _watchedGroups.Clear();
        _hasGroupNotice = false;
    }

    // The kernel tells of groups that have become empty.
    private void NoteEmptyGroups()
    {
        if (_watchedGroups.Count > 0 && _watchedGroups.RemoveWhere(IsEmptyGroup) > 0)
        {
            _hasGroupNotice = true;
            _wake = true;
        }
    }

    private bool IsEmptyGroup(long number)
    {
        foreach (SimProcess process in _processes)
        {
            if (process.State == SimProcessState.Running && process.Cgroup == number)
            {
                return false;
            }
        }

        return true;
    }

    // A walk through /proc. A process that is not a child of the daemon is reaped by another one.
    private Errno WalkTrees(ProcessScanPlan* plan)
    {
        for (int index = 0; index < plan->Count; index++)
        {
            ref ProcessScanTarget tree = ref plan->Entries[index];
            tree.Found = 0;
            tree.IsReused = false;
            foreach (SimProcess process in _processes)
            {
                bool isMember = tree.Group == null
                    ? process.Session == tree.Session.Value
                    : process.Cgroup == NumberOf(tree.Group);
                if (process.State != SimProcessState.Running || !isMember)
                {
                    continue;
                }

                tree.Found++;
                tree.IsReused |= tree.Group == null && tree.IsLeaderGone && process.Pid == tree.Session.Value;
                if (tree.Signal != 0 && !tree.IsReused)
                {
                    Deliver(process, tree.Signal);
                    process.State = process is { IsChild: false, State: SimProcessState.Zombie }
                        ? SimProcessState.Free : process.State;
                }
            }

            if (tree is { IsGroup: true, IsLeaderGone: true, Found: > 0 } && plan->Watch == GroupWatch)
            {
                _watchedGroups.Add(NumberOf(tree.Group));
            }
        }

        return Errno.None;
    }
}
