using System;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>
/// The control groups of runs that are about to begin. A helper makes each, since the files of a control group are
/// those of a file system, and the launch waits for it. Of a service without such a setting nothing is here.
/// </summary>
internal sealed class CgroupPreparation(
    SystemCalls kernel, DaemonSettings settings, ServiceTable services, HelperTable helpers) : IHelperOwner
{
    private readonly PendingGroup[] _entries = new PendingGroup[Limits.HelperSlots];

    // True if the daemon is certainly in its leaf. Until then only one group is made at a time, because the place of
    // the daemon determines its own group.
    private bool _isInLeaf = settings.MayBeInLeaf;
    private long _lastNumber;
    private int _used;

    private enum PendingGroupState
    {
        Free,
        Making,
        Made,

        /// <summary>No launch waits for the group that the helper makes.</summary>
        Unwanted,
    }

    /// <summary>The progress of a group that a service needs.</summary>
    public enum GroupProgress
    {
        /// <summary>It is made, or could not be: the launch can go on.</summary>
        Over,

        /// <summary>A helper makes it.</summary>
        UnderWay,

        /// <summary>There is no helper for it now.</summary>
        PutOff,

        /// <summary>The kernel has no process for a helper.</summary>
        Refused,
    }

    /// <summary>True if a helper makes the group of a service.</summary>
    public bool IsMaking(ServiceIndex service)
    {
        bool isFound = false;
        for (int at = 0; _used > 0 && at < _entries.Length; at++)
        {
            isFound |= _entries[at].State == PendingGroupState.Making && _entries[at].Service == service;
        }

        return isFound;
    }

    /// <summary>
    /// The service whose group is made, and which can be launched, if its sockets are ready, too; none when there is
    /// none.
    /// </summary>
    public ServiceIndex FindMade(ListenerPreparation listeners, Instant now)
    {
        if (_used == 0)
        {
            return ServiceIndex.None;
        }

        foreach (ref PendingGroup entry in _entries.AsSpan())
        {
            if (entry.State is PendingGroupState.Made or PendingGroupState.Making)
            {
                ref readonly ServiceRecord record = ref services[entry.Service];
                bool isWanted = record.State == ServiceState.Waiting && record.Due <= now;
                if (!isWanted)
                {
                    Drop(ref entry);
                }
                else if (entry.State == PendingGroupState.Made && !listeners.IsWaiting(entry.Service, now))
                {
                    return entry.Service;
                }
            }
        }

        return ServiceIndex.None;
    }

    /// <summary>
    /// True if a run of the service can begin, as far as its group is concerned; asks for one if not.
    /// </summary>
    public GroupProgress Prepare(ServiceIndex service, Instant now, out Errno refused)
    {
        refused = Errno.None;
        ReadOnlySpan<byte> words = services.Cgroup(service);
        if (words.IsEmpty)
        {
            return GroupProgress.Over;
        }

        int free = -1;
        bool isFirst = true;
        for (int index = 0; index < _entries.Length; index++)
        {
            ref readonly PendingGroup entry = ref _entries[index];
            if (entry.State is PendingGroupState.Making or PendingGroupState.Made && entry.Service == service)
            {
                return entry.State == PendingGroupState.Made ? GroupProgress.Over : GroupProgress.UnderWay;
            }

            free = entry.State == PendingGroupState.Free ? index : free;
            isFirst &= entry.State is PendingGroupState.Free or PendingGroupState.Made;
        }

        if (free < 0 || (!_isInLeaf && !isFirst)
            || !helpers.TryPrepare(HelperTask.MakeGroup, default, out HelperSlot slot))
        {
            return GroupProgress.PutOff;
        }

        refused = Start(ref _entries[free], slot, service, words, now);
        return refused == Errno.None ? GroupProgress.UnderWay : GroupProgress.Refused;
    }

    /// <summary>Takes the group that was made for a service that is launched now.</summary>
    public RunCgroup Find(ServiceIndex service)
    {
        foreach (ref PendingGroup entry in _entries.AsSpan())
        {
            if (entry.State == PendingGroupState.Made && entry.Service == service)
            {
                return new RunCgroup
                {
                    Fd = entry.Fd,
                    Reason = entry.Reason,
                    Subject = entry.Subject.SubjectValue,
                };
            }
        }

        return new RunCgroup { Fd = FdNumber.None };
    }

    /// <summary>
    /// Drops a prepared group after a change of the setting or the end of the launch. Returns whether there was one.
    /// </summary>
    public bool Forget(ServiceIndex service)
    {
        bool isFound = false;
        foreach (ref PendingGroup entry in _entries.AsSpan())
        {
            if (entry.State is PendingGroupState.Making or PendingGroupState.Made && entry.Service == service)
            {
                Drop(ref entry);
                isFound = true;
            }
        }

        return isFound;
    }

    // Its result is no longer needed.
    void IHelperOwner.GiveUp(HelperSlot slot)
    {
        HelperAnswer late = new() { Reason = Errno.ETIMEDOUT, Fd = FdNumber.None };
        Finish(slot.Plan.Group, ref late);
    }

    void IHelperOwner.Finish(HelperSlot slot, ref HelperAnswer answer, Instant now) =>
        Finish(slot.Plan.Group, ref answer);

    private void Finish(in GroupPlan plan, ref HelperAnswer answer)
    {
        foreach (ref PendingGroup entry in _entries.AsSpan())
        {
            if (entry.State is PendingGroupState.Making or PendingGroupState.Unwanted && entry.Number == plan.Number)
            {
                _isInLeaf |= plan.HasLeaf;
                settings.SetMayBeInLeaf(_isInLeaf);
                if (entry.State == PendingGroupState.Making)
                {
                    Finish(ref entry, plan, ref answer);
                }
                else
                {
                    Release(ref entry);
                }
            }
        }
    }

    /// <summary>Adds the numbers of the groups that are open.</summary>
    public int CollectNumbers(Span<FdNumber> into)
    {
        int count = 0;
        foreach (ref PendingGroup entry in _entries.AsSpan())
        {
            if (entry.State == PendingGroupState.Made && !entry.Fd.IsNone)
            {
                into[count++] = entry.Fd;
            }
        }

        return count;
    }

    private void Drop(ref PendingGroup entry)
    {
        if (entry.State == PendingGroupState.Made && !entry.Fd.IsNone)
        {
            kernel.Close(entry.Fd);
        }

        if (entry.State == PendingGroupState.Making)
        {
            entry.State = PendingGroupState.Unwanted;
        }
        else
        {
            Release(ref entry);
        }
    }

    private void Release(ref PendingGroup entry)
    {
        entry.State = PendingGroupState.Free;
        _used--;
    }

    private Errno Start(
        ref PendingGroup entry, HelperSlot slot, ServiceIndex service, ReadOnlySpan<byte> words, Instant now)
    {
        // A number that no group of this boot has: the next one in a millisecond, where two come in one.
        _lastNumber = Math.Max(_lastNumber + 1, now.Nanoseconds / 1_000_000);
        ref GroupPlan plan = ref slot.Plan.Group;
        plan.Service = services[service].Name;
        plan.Number = _lastNumber;
        plan.DaemonPid = kernel.OwnPid();
        plan.HasLeaf = settings.MayBeInLeaf;
        slot.WriteGroup(words);
        settings.SetMayBeInLeaf(true);
        Errno refused = helpers.Start(slot, HelperRecord.NoConnection);
        if (refused == Errno.None)
        {
            _used++;
            entry = new PendingGroup { State = PendingGroupState.Making, Service = service, Number = plan.Number };
        }
        else
        {
            settings.SetMayBeInLeaf(_isInLeaf);
        }

        return refused;
    }

    private void Finish(ref PendingGroup entry, in GroupPlan plan, ref HelperAnswer answer)
    {
        // A helper that takes too long may still be writing it.
        ReadOnlySpan<byte> path = answer.Reason == Errno.ETIMEDOUT
            ? default : plan.Result;
        entry.State = PendingGroupState.Made;
        entry.Reason = answer.Reason;
        entry.Fd = answer.Reason == Errno.None ? answer.Fd : FdNumber.None;
        entry.Subject.SetSubject(path);
        if (answer.Reason != Errno.None)
        {
            return;
        }

        answer.Fd = FdNumber.None;
        ServiceTarget target = new(services[entry.Service].Name.Value, entry.Service);
        if (services.SetText(target, ServiceTextTag.RunGroup, path).IsNone)
        {
            kernel.Close(entry.Fd);
            entry.Fd = FdNumber.None;
            entry.Reason = Errno.ENOMEM;
        }
    }

    private struct PendingGroup
    {
        public PendingGroupState State;
        public ServiceIndex Service;
        public long Number;
        public FdNumber Fd;
        public Errno Reason;
        public LaunchReport Subject;
    }
}
