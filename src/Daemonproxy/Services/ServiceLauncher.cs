using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Polling;
using Daemonproxy.Processes;
using Daemonproxy.Protocol;
using Daemonproxy.Settings;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>
/// Launches services whose deadlines have passed, reads the reports of launches in progress, cancels those that take
/// too long, and hands each outcome to the service manager.
/// </summary>
internal sealed partial class ServiceLauncher(
    SystemCalls kernel,
    StateImage image,
    ServiceTable services,
    ServiceManager manager,
    LaunchSlots slots,
    ServiceReadiness readiness,
    CgroupPreparation groups,
    ListenerPreparation listeners,
    SocketRenewal renewal,
    IServiceConnections connections) : EventSource, IChildOwner
{
    public override bool Watches(PollTokenKind kind) => kind == PollTokenKind.Launch;

    /// <summary>
    /// Watches the pipes of launches. Returns when a start is due that has a slot, or a launch has taken too long.
    /// </summary>
    public override Instant PrepareWait(Instant now)
    {
        WithdrawPriority(now);

        if (slots.HasUsed)
        {
            foreach (LaunchSlot slot in slots.All)
            {
                slot.UpdateWatch();
            }
        }

        return NextDeadline(now);
    }

    /// <summary>A launch has something to report, or has ended.</summary>
    public override void OnReady(in ReadyDescriptor ready)
    {
        if ((uint)ready.Token.Index < (uint)slots.All.Length)
        {
            slots.All[ready.Token.Index].MarkReadable(ready.Token);
        }
    }

    /// <summary>
    /// In step Reaping, before children are reaped, reads reports: so a failure comes before the end. In step
    /// Launching, acts on expired deadlines.
    /// </summary>
    public override void Run(TurnStep step, ref Instant now)
    {
        if (step == TurnStep.Reaping)
        {
            ReadReports(now);
        }
        else if (NextDeadline(now) <= now)
        {
            now = RunDue(now);
            renewal.Run();
        }
    }

    /// <summary>
    /// Cancels the launches that take too long, and launches services that are due, as far as there are slots and the
    /// pace and the budget of a turn allow it. A controller that talks is served after each process that is made.
    /// Returns the time at the end.
    /// </summary>
    public Instant RunDue(Instant now)
    {
        CancelDue(now);
        slots.ReleaseIdle(now);
        LaunchBudget budget = new(now);
        bool triesRefused = true;
        bool isEnough = false;
        while (!isEnough && NextDue(now) <= now && slots.FreeAt(now) <= now && budget.Allows(now))
        {
            ServiceIndex service = NextService(triesRefused, now);
            image.Header.Work.Service = service.Value;
            budget.Take();
            bool isMade = manager.TryBegin(service, now) && !IsTooEarly(service, now)
                && HasShare(service, now) && HasGroup(service, now) && HasListeners(service, now)
                && TryLaunchOnce(service, now);

            // One attempt in a turn is enough while the limit is reached.
            triesRefused &= !manager.IsRefused(service);
            image.Header.Work.Service = -1;
            now = kernel.Now();
            isEnough = isMade && slots.IsOneByOne(now);
            _lastBegun = isMade ? now : _lastBegun;
        }

        RaisePriority(now);

        return now;
    }

    /// <summary>
    /// Cancels the launch of a service, if it has not executed its program yet: a signal would wait as long as the
    /// launch does.
    /// </summary>
    public void CancelLaunch(ServiceIndex service, Instant now)
    {
        if (slots.Find(service.Value) is not LaunchSlot slot || slot.Record.State != LaunchState.UnderWay)
        {
            return;
        }

        Read(slot, now);
        if (slot.IsInUse && !slot.HasReport)
        {
            Cancel(slot, Errno.ECANCELED, now);
        }
    }

    /// <summary>The control group of the next run is another one, or has other values.</summary>
    public void ForgetGroup(ServiceIndex service)
    {
        if (groups.Forget(service))
        {
            manager.LookAgain(service);
        }
    }

    /// <summary>A child has ended. If it was being launched, the launch is over, whatever its pipe says.</summary>
    public bool TryEnd(in ReapedChild child, Instant now)
    {
        ServiceIndex service = services.Find(child.Pid);
        if (!service.IsNone)
        {
            if (slots.Find(service.Value) is LaunchSlot slot)
            {
                Read(slot, now);
                if (slot.IsInUse)
                {
                    slots.Free(slot, now);
                }
            }

            slots.NoteEnd(service.Value);
        }

        return manager.TryEnd(child, now);
    }

    /// <summary>
    /// After a resume, once the service manager is rebuilt: continues the launches with a process. The others had just
    /// begun, or were over.
    /// </summary>
    public void Continue(Instant now)
    {
        foreach (LaunchSlot slot in slots.All)
        {
            if (slot.IsInUse && (services[new ServiceIndex(slot.Record.Owner)].State != ServiceState.Up
                || slots.Find(slot.Record.Owner) != slot))
            {
                slots.Free(slot, now);
            }
        }
    }

    // The next service with an expired deadline; a service that was refused before that deadline comes first.
    private ServiceIndex NextService(bool triesRefused, Instant now)
    {
        if (FindPrepared(now) is { IsNone: false } prepared)
        {
            return prepared;
        }

        ServiceIndex due = manager.NextService;
        ServiceIndex refused = manager.OldestRefused;
        if (!triesRefused || refused.IsNone || services[refused].FailedAt > services[due].Since)
        {
            return due;
        }

        bool isForConnection = services[refused].FailedStep == LaunchStep.Connection;
        return isForConnection && !slots.ConnectionOf(services.Fds(due)).IsWanted ? due : refused;
    }

    private Instant NextDeadline(Instant now)
    {
        Instant next = Instant.Earlier(slots.ReleaseDue, NextBegin(now));
        next = Instant.Earlier(next, Instant.Earlier(renewal.NextTry(now), listeners.NextGivenUp(now)));
        if (slots.HasUsed)
        {
            foreach (LaunchSlot slot in slots.All)
            {
                next = slot.IsInUse ? Instant.Earlier(next, slot.NextDeadline(now)) : next;
            }
        }

        return next;
    }

    // Never without a service that is due, so that an idle daemon does not ask for the pace.
    private Instant NextBegin(Instant now)
    {
        Instant due = NextDue(now);
        if (due == Instant.Never)
        {
            return due;
        }

        Instant free = slots.FreeAt(now);
        return free > due ? free : due;
    }

    private Instant NextDue(Instant now) => FindPrepared(now).IsNone ? manager.NextDeadline : now;

    private void ReadReports(Instant now)
    {
        if (slots.HasUsed)
        {
            foreach (LaunchSlot slot in slots.All)
            {
                if (slot.CanRead)
                {
                    Read(slot, now);
                }
            }
        }
    }

    private void Read(LaunchSlot slot, Instant now)
    {
        bool isOver = slot.Read();
        image.Pass(CrashPoint.LaunchRead);
        if (slot.HasReport && !slot.Record.IsTold)
        {
            ServiceIndex service = new(slot.Record.Owner);
            LaunchReport report = slot.Record.Report;
            Pid pid = services[service].Pid;
            manager.Finish(service, LaunchOutcome.Failed(pid, report.Step, report.Reason), slot.Subject, now);
            slot.MarkTold();
        }

        if (isOver)
        {
            slots.Free(slot, now);
        }
    }

    private void CancelDue(Instant now)
    {
        if (!slots.HasUsed)
        {
            return;
        }

        foreach (LaunchSlot slot in slots.All)
        {
            if (slot.IsInUse && slot.Record.Deadline <= now)
            {
                Cancel(slot, Errno.ETIMEDOUT, now);
            }
        }
    }

    private void Cancel(LaunchSlot slot, Errno reason, Instant now)
    {
        ServiceIndex service = new(slot.Record.Owner);
        Pid pid = services[service].Pid;
        kernel.Kill(pid, new Signal(Signal.SIGKILL));
        manager.Finish(service, LaunchOutcome.Failed(pid, slot.Step, reason), slot.Subject, now);
        slots.Cancel(slot);
    }

    private bool TryLaunchOnce(ServiceIndex service, Instant now)
    {
        bool isMade = TryLaunch(service, now);
        groups.Forget(service);
        listeners.Forget(service);
        return isMade;
    }

    private bool TryLaunch(ServiceIndex service, Instant now)
    {
        connections.EndFormer(services[service].Name);
        listeners.ListenAgain(service);
        WantedConnection wanted = slots.ConnectionOf(services.Fds(service));
        ServiceEnds ends = ServiceEnds.None;
        int connection = -1;
        if (wanted.IsWanted)
        {
            Errno refused = connections.TryOpen(
                services[service].Name, services[service].Access, wanted, out ends, out connection);
            if (refused != Errno.None)
            {
                manager.Finish(service, LaunchOutcome.Refused(LaunchStep.Connection, refused), default, now);
                return false;
            }
        }

        image.Pass(CrashPoint.Launch);
        ServiceSettings settings = services.Settings(service);
        bool isSound = ProcessWords.TryParse(settings.Process, out ProcessWords words, out _);
        Assertion.Require(isSound);
        Errno noPipe = readiness.TryOpen(service, words.Watchdog, out RunReadiness ready);
        LaunchOutcome outcome = noPipe == Errno.None
            ? Execute(service, settings, words, ends, ready, now)
            : LaunchOutcome.Refused(LaunchStep.Process, noPipe);
        if (outcome.IsRefused)
        {
            readiness.Abandon(ready);
            if (connection >= 0)
            {
                connections.Abandon(connection, ends);
            }

            manager.Finish(service, outcome, default, now);
            return false;
        }

        image.Pass(CrashPoint.Launched);
        manager.Finish(service, outcome, default, now);
        readiness.Begin(service, ready, now);
        image.Pass(CrashPoint.LaunchTold);
        if (connection >= 0)
        {
            connections.Settle(connection, ends);
        }

        return true;
    }

    private LaunchOutcome Execute(
        ServiceIndex service,
        in ServiceSettings settings,
        in ProcessWords words,
        ServiceEnds ends,
        in RunReadiness ready,
        Instant now)
    {
        LaunchSpecification specification = new()
        {
            Arguments = services.Args(service),
            Descriptors = services.Fds(service),
            Ends = ends,
            ReadyPlace = services[service].ReadyPlace,
            ReadyWriter = ready.Pipe.Writer,
            Notify = ready.Notify,
            Settings = settings,
            Words = words,
            Group = groups.Find(service),
        };
        Errno refused = slots.TryTake(service.Value, specification, now, out LaunchSlot slot);
        if (refused != Errno.None)
        {
            return LaunchOutcome.Refused(LaunchStep.Process, refused);
        }

        image.Pass(CrashPoint.LaunchTaken);
        LaunchOutcome outcome;
        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            // Set before: a resume that finds a process uses it as the start time. A refused launch is not a start.
            Instant last = change.Record.Started;
            change.Record.Started = now;
            change.Record.BeginRun(words, !specification.Group.Fd.IsNone);
            change.Record.ReadyPipe = ready.Pipe.Reader.Value + 1;
            change.Record.NotifyPlace = ready.NotifyPlace + 1;
            outcome = slot.Launch(ref change.Record.Pid);
            change.Record.Started = outcome.IsRefused ? last : now;
            change.Record.ReadyPipe = outcome.IsRefused ? 0 : change.Record.ReadyPipe;
            change.Record.NotifyPlace = outcome.IsRefused ? 0 : change.Record.NotifyPlace;
        }

        if (outcome.IsRefused)
        {
            slots.Free(slot, now);
            slots.NoteEnd(service.Value);
        }

        return outcome;
    }
}
