using System;
using Daemonproxy.Collections;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Processes;
using Daemonproxy.Protocol;
using Daemonproxy.Signals;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>
/// Carries services through their life: asks <see cref="Lifecycle"/> what follows, changes the record, arms deadlines,
/// announces. It alone changes the state of a service.
/// </summary>
internal sealed partial class ServiceManager(
    SystemCalls kernel,
    StateImage image,
    Statistics statistics,
    ServiceTable services,
    TriggerEvaluator triggers,
    IAnnouncer announcer,
    HelperTable helpers,
    ServiceReadiness readiness,
    RunLog runs,
    Log log) : EventSource
{
    private readonly DeadlineHeap _deadlines = new(kernel, services.Capacity);

    /// <summary>When the next start is due.</summary>
    public Instant NextDeadline => _deadlines.Nearest;

    /// <summary>The service whose start is due next; none when no start is planned.</summary>
    public ServiceIndex NextService => new(_deadlines.First);

    /// <summary>Plans a start, or moves one that waits; the error when the service is up.</summary>
    public ErrorId Start(ServiceIndex service, Instant due, Instant now)
    {
        if (services[service].State != ServiceState.Up)
        {
            EndHold(service);
        }

        return Apply(service, LifecycleEvent.StartRequested, now, due);
    }

    /// <summary>Takes a waiting start back; the error when there is none.</summary>
    public ErrorId Cancel(ServiceIndex service, Instant now) => Apply(service, LifecycleEvent.CancelRequested, now);

    /// <summary>Forgets a service; the error when it is up.</summary>
    public ErrorId Delete(ServiceIndex service, Instant now)
    {
        ErrorId error = Apply(service, LifecycleEvent.DeleteRequested, now);
        if (error == ErrorId.None)
        {
            LineWriter line = announcer.Begin();
            Events.ServiceStateDeleted(ref line, services[service].Name.Value);
            announcer.Forget(EventSubject.Of(service));
            runs.Forget(service);
            _stops.Disarm(service.Value);
            DropInputs(service);
            services.Remove(service);
            announcer.Announce(EventSubject.Of(service), line);
        }

        return error;
    }

    /// <summary>A reason to start may have come up: arguments, a signal, the end of a run.</summary>
    public void ConsiderAutoUp(ServiceIndex service, Instant now)
    {
        if (triggers.Want(service) && !services[service].IsHeld)
        {
            Apply(service, LifecycleEvent.TriggerHolds, now, PlannedDue(service, now));
        }
    }

    /// <summary>
    /// In step Signals, announces the signals that arrived, and starts what waits for them. In step Launching, acts on
    /// deadlines of stops and trees.
    /// </summary>
    public override void Run(TurnStep step, ref Instant now)
    {
        if (step == TurnStep.Launching)
        {
            RunStops(now);
            return;
        }

        triggers.Signals.Announce(announcer);
        ConsiderTriggers(now);
        ConsiderInputs(now);
    }

    /// <summary>Starts the services that wait for signals which were announced; the image has noted them.</summary>
    public void ConsiderTriggers(Instant now)
    {
        ulong arrived = image.Header.Arrived;
        if (arrived != 0)
        {
            ConsiderTriggers(arrived, now);
            image.Header.Arrived = 0;
        }
    }

    private void ConsiderTriggers(ulong arrived, Instant now)
    {
        for (int index = 0; index < services.HighWater; index++)
        {
            ServiceIndex service = new(index);
            if ((services[service].Triggers & arrived) != 0 && services.Exists(service))
            {
                ConsiderTrigger(service, now);
            }
        }
    }

    /// <summary>
    /// True if an expired start can be done: auto_up still wants it, if it planned it, and there is a program.
    /// Otherwise the start is cancelled.
    /// </summary>
    public bool TryBegin(ServiceIndex service, Instant now)
    {
        if (services[service].IsPlanned && !triggers.Hold(service))
        {
            Apply(service, LifecycleEvent.PlanDropped, now);
            return false;
        }

        if (!services.HasArgs(service))
        {
            log.ServiceFailed(services[service], "there is nothing to execute"u8, default, Errno.None);
            Apply(service, LifecycleEvent.NothingToStart, now);
            return false;
        }

        return true;
    }

    /// <summary>
    /// Deals with the outcome of a launch, whatever it is. A process that was started, and is up, may fail later.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="subject">The object of the failure; empty if it has no name.</param>
    /// <param name="now">The time.</param>
    public void Finish(
        ServiceIndex service, in LaunchOutcome outcome, ReadOnlySpan<byte> subject, Instant now)
    {
        if (outcome.HasFailed)
        {
            Span<byte> room = stackalloc byte[LaunchReport.SubjectBytes - 1];
            ReadOnlySpan<byte> named = subject.IsEmpty
                ? FailedSetting.Copy(services.Settings(service), outcome.Step, outcome.Reason, room) : subject;
            statistics.Add(Counter.SpawnsFailed);
            runs.Failed(service, outcome, named, now);
            NoteFailure(service, outcome, named, now);
        }

        if (outcome.IsRefused)
        {
            Apply(service, LifecycleEvent.LaunchRefused, now, RestartDelay.AfterRefusal(now));
            return;
        }

        // One that failed is up, and its end is announced when it is reaped.
        if (services[service].State == ServiceState.Waiting)
        {
            services.NotePid(outcome.Pid, service);
            Apply(service, LifecycleEvent.Launched, now);
        }
    }

    // Noted before it is announced: a resume in between restates it. Without room for its subject it is restated
    // without.
    private void NoteFailure(
        ServiceIndex service, in LaunchOutcome outcome, ReadOnlySpan<byte> subject, Instant now)
    {
        ServiceTarget target = new(services[service].Name.Value, service);
        if (services.SetText(target, ServiceTextTag.Failed, subject).IsNone)
        {
            services.SetText(target, ServiceTextTag.Failed, default);
        }

        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            change.Record.FailedStep = outcome.Step;
            change.Record.FailedReason = outcome.Reason;
            change.Record.FailedAt = now;
        }

        LineWriter line = announcer.Begin();
        ServiceEvents.Failed(ref line, services, service, subject);
        announcer.Announce(EventSubject.Of(service), line);
    }

    /// <summary>A child has ended: if it is a service's, announces that; false if it is not.</summary>
    public bool TryEnd(in ReapedChild child, Instant now)
    {
        ServiceIndex service = services.Find(child.Pid);
        if (service.IsNone)
        {
            _hasOrphanEnded = true;
            return false;
        }

        image.Header.Work.Service = service.Value;
        services.ForgetPid(child.Pid);
        LifecycleEvent ended = child.Reason == EndReason.Killed
            ? LifecycleEvent.ProcessKilled
            : LifecycleEvent.ProcessExited;
        bool wasStopping = services[service].IsStopping;
        bool endsHold = wasStopping && !services[service].IsHeld;
        BeginTreeEnd(service, now);
        readiness.End(service, now);
        Apply(service, ended, now, value: child.Value);
        EndTreeIfGone(service, now);
        runs.Ended(service, child, wasStopping, now);
        ArmStop(service);
        if (endsHold)
        {
            AnnounceStop(service);
        }

        return true;
    }

    private ErrorId Apply(
        ServiceIndex service, LifecycleEvent happened, Instant now, Instant due = default, int value = 0)
    {
        ServiceState before = services[service].State;
        LifecycleStep step = Lifecycle.Next(before, happened);
        if (step.Error != ErrorId.None)
        {
            return step.Error;
        }

        if (step.Effects == LifecycleEffects.None && step.Next == before)
        {
            return ErrorId.None;
        }

        log.Transition(services[service].Name.Value, before, step.Next);
        if (step.Next != ServiceState.None)
        {
            Change(service, step, now, due, value);
        }

        // Here, and nowhere before: a resume that finds the process of a service that waits comes here, too.
        if (happened == LifecycleEvent.Launched)
        {
            runs.Started(service);
            statistics.Add(Counter.Spawns);
        }

        if (step.Next == ServiceState.Waiting && !services.Text(service, ServiceTextTag.Status).IsEmpty)
        {
            // The status of the last run ends with the next one.
            services.SetText(new ServiceTarget(services[service].Name.Value, service), ServiceTextTag.Status, default);
        }

        NoteRefusal(service, happened == LifecycleEvent.LaunchRefused, now);
        Follow(service, step, now);
        UpdateInputs(service);
        return ErrorId.None;
    }

    private void Change(ServiceIndex service, in LifecycleStep step, Instant now, Instant due, int value)
    {
        using RecordWriter<ServiceRecord> change = services.Change(service);
        ref ServiceRecord record = ref change.Record;
        switch (step.Next)
        {
            case ServiceState.Waiting:
                // Without a process: one that is there tells a resume that the launch was done.
                record.Pid = default;
                record.IsReady = false;
                record.Due = due;
                record.IsPlanned = (step.Effects & LifecycleEffects.KeepPlan) != 0
                    ? record.IsPlanned
                    : (step.Effects & LifecycleEffects.Plan) != 0;
                break;
            case ServiceState.Up:
                record.FailedStep = LaunchStep.None;
                record.Tree = TreeState.None;
                record.SignalsSent = 0;
                break;
            case ServiceState.Exited or ServiceState.Killed:
                record.Value = value;
                break;
            default:
                break;
        }

        record.Since = step.Next == ServiceState.Up ? record.Started : now;
        image.Pass(CrashPoint.ServiceChange);
        record.State = step.Next;
    }

    private void Follow(ServiceIndex service, in LifecycleStep step, Instant now)
    {
        if ((step.Effects & LifecycleEffects.Arm) != 0)
        {
            ArmStart(service, services[service].Due);
        }

        if ((step.Effects & LifecycleEffects.Disarm) != 0)
        {
            _deadlines.Disarm(service.Value);
        }

        if ((step.Effects & LifecycleEffects.Announce) != 0)
        {
            Announce(service, now);
        }

        if (services[service].State == ServiceState.Exited)
        {
            readiness.NoteExit(service, now);
        }

        if ((step.Effects & LifecycleEffects.ConsiderAutoUp) != 0)
        {
            ConsiderAutoUp(service, now);
        }
    }

    private void Announce(ServiceIndex service, Instant now)
    {
        LineWriter line = announcer.Begin();
        ServiceEvents.State(ref line, services, service, now);
        announcer.Announce(EventSubject.Of(service), line);
    }
}
