using System;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>
/// The remaining processes of a run: those of its tree, which a helper finds in /proc. After an unexpected end they get
/// SIGTERM at once and SIGKILL later, and the service is not started before they are gone: so no process of an old run
/// holds a port of the next one.
/// </summary>
internal sealed partial class ServiceManager : IHelperOwner
{
    /// <summary>
    /// The time that a child of a service may need to end by itself: the time that a shell has to write its history,
    /// and less than a person takes for a hang.
    /// </summary>
    public const int DefaultLeave = 2;

    // A process that is being made while a walk passes it is found by the next one. The kernel itself says that a
    // control group is empty.
    private const int WalksUntilEmpty = 2;

    // A helper that could not be made, or found nothing out, is tried again.
    private const long RetryDelay = 100_000_000;

    // Most trees are gone at once, and the others cost a walk a second.
    private const long FirstDelay = 10_000_000;

    // Between walks that orphans or control groups cause, so that a flood of them costs twenty walks a second at most.
    private const long NoticeDelay = 50_000_000;

    private bool _isWalking;
    private bool _hasOrphanEnded;
    private bool _hasGroupChanged;
    private Instant _nextGroupWalk;

    /// <summary>The session of a run that continues or has remaining processes; 0 if there is none.</summary>
    public static Pid SessionOf(in ServiceRecord record) =>
        !record.HasTree ? default
        : record.State == ServiceState.Up ? record.Pid
        : record.Tree == TreeState.Left ? record.Session
        : default;

    void IHelperOwner.Finish(HelperSlot slot, ref HelperAnswer answer, Instant now)
    {
        ref readonly ProcessScanPlan trees = ref slot.Plan.Trees;
        _isWalking = false;
        for (int index = 0; index < trees.Count; index++)
        {
            ProcessScanTarget tree = trees.Entries[index];
            ServiceIndex service = new(tree.Owner);
            if (services.Exists(service) && SessionOf(services[service]) == tree.Session)
            {
                NoteWalk(service, answer.Reason, tree, now);
                ArmStop(service);
            }
        }
    }

    // In step Launching, before launches: acts on deadlines of stops and trees, in one walk.
    private void RunStops(Instant now)
    {
        // What ends during a walk may have been found by it.
        _hasGroupChanged |= kernel.TakeGroupNotice();
        if (_isWalking)
        {
            return;
        }

        HastenWalks(now);
        if (_stops.Nearest > now)
        {
            return;
        }

        HelperSlot? slot = null;
        while (_stops.Nearest <= now)
        {
            ServiceIndex service = new(_stops.First);
            KillDue(service, now);
            if (services[service].HasTree && !TryAdd(service, ref slot, now))
            {
                break;
            }

            _stops.Disarm(service.Value);
        }

        if (slot is not null)
        {
            StartWalk(slot, now);
        }
    }

    // A child that is no service may be one of a tree, which process 1 and a subreaper get when its parent has ended. A
    // control group is watched, and has become empty: it is looked at now, unless one was a moment ago.
    private void HastenWalks(Instant now)
    {
        Instant none = Instant.Never;
        Instant nextSession = _hasOrphanEnded ? new Instant(now.Nanoseconds + NoticeDelay) : none;
        Instant nextGroup = !_hasGroupChanged ? nextSession : now > _nextGroupWalk ? now : _nextGroupWalk;
        _nextGroupWalk = _hasGroupChanged ? new Instant(nextGroup.Nanoseconds + NoticeDelay) : _nextGroupWalk;
        bool isWanted = (_hasOrphanEnded || _hasGroupChanged) && _stops.Nearest != none;
        _hasOrphanEnded = false;
        _hasGroupChanged = false;
        for (int index = 0; isWanted && index < services.HighWater; index++)
        {
            ServiceIndex service = new(index);
            bool isLeft = services.Exists(service) && services[service].Tree == TreeState.Left;
            Instant next = isLeft && services[service].HasGroup ? nextGroup : nextSession;
            if (isLeft && services[service].NextWalk > next)
            {
                using (RecordWriter<ServiceRecord> change = services.Change(service))
                {
                    change.Record.NextWalk = next;
                }

                ArmStop(service);
            }
        }
    }

    private bool TryAdd(ServiceIndex service, ref HelperSlot? slot, Instant now)
    {
        if (slot is null && !helpers.TryPrepare(HelperTask.WalkTrees, default, out slot))
        {
            // No slot is free: the turn in which one ends looks again.
            _stops.Arm(service.Value, new Instant(now.Nanoseconds + RetryDelay));
            slot = null;
            return false;
        }

        ref readonly ServiceRecord record = ref services[service];
        bool isUp = record.State == ServiceState.Up;
        ProcessScanTarget tree = new()
        {
            Session = SessionOf(record),
            Owner = service.Value,
            Signal = record.KillAt <= now ? Signal.SIGKILL : isUp || record.IsTreeTold ? 0 : Signal.SIGTERM,
            IsLeaderGone = !isUp,

            // Until the tree was searched.
            Found = 1,
        };
        return slot.TryAddTree(tree, GroupOf(services, service));
    }

    /// <summary>The path of the control group of a run; empty when its tree is a session.</summary>
    public static ReadOnlySpan<byte> GroupOf(ServiceTable services, ServiceIndex service) =>
        services[service].HasGroup ? services.Text(service, ServiceTextTag.RunGroup) : default;

    private void StartWalk(HelperSlot slot, Instant now)
    {
        bool hasGroup = false;
        for (int index = 0; index < slot.Plan.Trees.Count; index++)
        {
            hasGroup |= slot.Plan.Trees.Entries[index].IsGroup;
        }

        slot.Plan.Trees.Watch = hasGroup ? kernel.WatchGroups() : FdNumber.None;
        _isWalking = helpers.Start(slot, HelperRecord.NoConnection) == Errno.None;
        if (!_isWalking)
        {
            ProcessScanPlan trees = slot.Plan.Trees;
            for (int index = 0; index < trees.Count; index++)
            {
                _stops.Arm(trees.Entries[index].Owner, new Instant(now.Nanoseconds + RetryDelay));
            }
        }
    }

    private void NoteWalk(ServiceIndex service, Errno reason, in ProcessScanTarget tree, Instant now)
    {
        bool isUp = services[service].State == ServiceState.Up;
        bool hasGroup = tree.IsGroup;
        bool hasLooked = reason == Errno.None || hasGroup;

        // A helper that was asked before the process ended has not removed the group: another one does. Where /proc is
        // not mounted, as early in the life of process 1, no session can be found.
        bool isEmpty = hasGroup ? tree.Found == 0 && tree.IsLeaderGone
            : reason == Errno.ENOENT || (hasLooked && (tree.Found == 0 || tree.IsReused));
        int walksUntilEmpty = hasGroup ? 1 : WalksUntilEmpty;
        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            ref ServiceRecord record = ref change.Record;

            // SIGKILL for the first time: what follows is quick. Later ones come with a walk that was due.
            bool isFirstKill = tree.Signal == Signal.SIGKILL && record.KillAt != record.NextWalk;
            record.Walks = isFirstKill ? (byte)0 : record.Walks;
            record.KillAt = isUp && hasLooked && tree.Signal == Signal.SIGKILL ? Instant.Never : record.KillAt;
            record.IsTreeTold |= hasLooked && tree.Signal == Signal.SIGTERM;
            record.EmptyWalks = (byte)(isEmpty ? record.EmptyWalks + 1 : 0);
            bool wasEarly = hasGroup && !isUp && !tree.IsLeaderGone;
            long delay = isEmpty ? FirstDelay : DelayAfter(record.Walks);
            record.NextWalk = wasEarly ? now : new Instant(now.Nanoseconds + delay);
            record.Walks = (byte)Math.Min(record.Walks + 1, byte.MaxValue);

            // Killed processes, and trees that could not be searched, are searched again later.
            record.KillAt = record.KillAt <= now ? record.NextWalk : record.KillAt;
        }

        if (!isUp && (tree.IsReused || services[service].EmptyWalks >= walksUntilEmpty))
        {
            EndTree(service, now);
        }
    }

    // 10, 20, 50, 100, 200, 500 ms, and then 1 s.
    private static long DelayAfter(int walks) => walks switch
    {
        0 => FirstDelay,
        1 => 2 * FirstDelay,
        2 => 5 * FirstDelay,
        3 => 10 * FirstDelay,
        4 => 20 * FirstDelay,
        5 => 50 * FirstDelay,
        _ => Seconds.Nanoseconds,
    };

    // The process of a service has ended.
    private void BeginTreeEnd(ServiceIndex service, Instant now)
    {
        bool wasStopping = services[service].IsStopping;
        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            ref ServiceRecord record = ref change.Record;
            record.IsStopping = false;
            record.KillAt = !record.HasTree ? Instant.Never
                : wasStopping ? record.KillAt
                : now + new Seconds(record.Leave);
            record.Tree = record.HasTree ? TreeState.Left : TreeState.None;
            record.Session = record.Pid;
            record.IsTreeTold = wasStopping;
            record.Walks = 0;
            record.EmptyWalks = 0;
            record.NextWalk = now;
        }
    }

    // Most runs leave nothing behind, and no helper has to look for it.
    private void EndTreeIfGone(ServiceIndex service, Instant now)
    {
        ref readonly ServiceRecord record = ref services[service];
        if (record.Tree == TreeState.Left && !record.HasGroup && kernel.IsSessionGone(record.Session))
        {
            EndTree(service, now);
        }
    }

    private void EndTree(ServiceIndex service, Instant now)
    {
        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            change.Record.Tree = TreeState.Empty;
            change.Record.EmptyAt = now;
            change.Record.KillAt = Instant.Never;
        }

        LineWriter line = announcer.Begin();
        ServiceEvents.Empty(ref line, services, service);
        announcer.Announce(EventSubject.Of(service), line);
        if (services[service].State == ServiceState.Waiting)
        {
            ArmStart(service, services[service].Due);
        }
    }

    /// <summary>Looks at a start later, or, with <see cref="Instant.Never"/>, when it is armed again.</summary>
    public void PutOff(ServiceIndex service, Instant until)
    {
        _deadlines.Disarm(service.Value);
        if (until != Instant.Never)
        {
            _deadlines.Arm(service.Value, until);
        }
    }

    /// <summary>Looks at a start that was put off.</summary>
    public void LookAgain(ServiceIndex service)
    {
        if (services[service].State == ServiceState.Waiting)
        {
            ArmStart(service, services[service].Due);
        }
    }

    // A start waits until nothing of the last run is left.
    private void ArmStart(ServiceIndex service, Instant due)
    {
        if (services[service].Tree != TreeState.Left)
        {
            _deadlines.Arm(service.Value, due);
        }
    }
}
