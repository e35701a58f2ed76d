using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Signals;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>
/// Carries services through their life: asks <see cref="Lifecycle"/> what follows, changes the record, arms deadlines,
/// announces; launches what is due, and deals with what has ended.
/// </summary>
internal sealed partial class ServiceManager(
    SystemCalls kernel,
    StateImage image,
    Statistics statistics,
    ServiceTable services,
    LaunchPlanner planner,
    PendingSignals signals,
    IServiceConnections connections,
    IAnnouncer announcer,
    Log log)
{
    /// <summary>After a launch that the kernel refused, the next attempt comes so much later.</summary>
    private const int RetrySeconds = 3;

    // So long may launches hold up controllers in one turn, in nanoseconds.
    private const long LaunchBudget = 2_000_000;

    private readonly DeadlineHeap _deadlines = new(kernel, services.Capacity);

    /// <summary>When the next start is due.</summary>
    public Instant NextDeadline => _deadlines.Nearest;

    /// <summary>Plans a start, or moves one that waits; the error when the service is up.</summary>
    public ErrorId Start(ServiceIndex service, Instant due, Instant now) =>
        Apply(service, LifecycleEvent.StartAsked, now, due);

    /// <summary>Takes a waiting start back; the error when there is none.</summary>
    public ErrorId Cancel(ServiceIndex service, Instant now) => Apply(service, LifecycleEvent.CancelAsked, now);

    /// <summary>Forgets a service; the error when it is up.</summary>
    public ErrorId Delete(ServiceIndex service, Instant now)
    {
        ErrorId error = Apply(service, LifecycleEvent.DeleteAsked, now);
        if (error == ErrorId.None)
        {
            EventLine line = announcer.Begin();
            Events.ServiceStateDeleted(ref line, services[service].Name.Value);
            services.Remove(service);
            announcer.Announce(line);
        }

        return error;
    }

    /// <summary>Sets what starts a service by itself; an interval of 0 is nothing.</summary>
    public void SetAutoUp(ServiceIndex service, int interval, ulong triggers, Instant now)
    {
        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            change.Record.Interval = interval;
            change.Record.Triggers = triggers;
        }

        if (services[service].State == ServiceState.Waiting && services[service].IsPlanned)
        {
            ReconsiderPlan(service, now);
        }
        else
        {
            ConsiderAutoUp(service, now);
        }
    }

    /// <summary>A reason to start may have come up: arguments, a signal, the end of a run.</summary>
    public void ConsiderAutoUp(ServiceIndex service, Instant now)
    {
        if (WantsAutoUp(service))
        {
            Apply(service, LifecycleEvent.TriggerHolds, now, PlannedDue(service, now));
        }
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
                ConsiderAutoUp(service, now);
            }
        }
    }

    /// <summary>
    /// Launches what is due, at most <see cref="Limits.LaunchesPerTurn"/> services or 2 ms; what is left waits for the
    /// next turn. The time it is afterwards.
    /// </summary>
    public Instant RunDue(Instant now)
    {
        Instant begin = now;
        for (int launches = 0; launches < Limits.LaunchesPerTurn && _deadlines.Nearest <= now; launches++)
        {
            ServiceIndex service = new(_deadlines.First);
            image.Header.Work.Service = service.Value;
            RunDue(service, now);
            image.Header.Work.Service = -1;
            now = kernel.Now();
            if (now.Nanoseconds - begin.Nanoseconds > LaunchBudget)
            {
                break;
            }
        }

        return now;
    }

    /// <summary>Takes every child that has ended from the kernel, and tells of those that are services.</summary>
    public void ReapAll(Instant now)
    {
        ref ReapedChild child = ref image.Header.Reaped;
        while (true)
        {
            kernel.Reap(ref child);
            if (child.Pid.IsNone)
            {
                return;
            }

            image.Pass(CrashPoint.Reaped);
            Reaped(now);
        }
    }

    /// <summary>
    /// Deals with the child that is in the image's header, taken from the kernel and not yet told; or told, where the
    /// process image before this one found the service that it was.
    /// </summary>
    public void Reaped(Instant now, bool wasService = false)
    {
        ReapedChild child = image.Header.Reaped;
        ServiceIndex service = services.Find(child.Pid);
        if (!service.IsNone)
        {
            bool killed = child.Reason == EndReason.Killed;
            image.Header.Work.Service = service.Value;
            services.ForgetPid(child.Pid);
            Apply(
                service,
                killed ? LifecycleEvent.ProcessKilled : LifecycleEvent.ProcessExited,
                now,
                value: child.Value);
        }

        image.Pass(CrashPoint.ReapedTold);
        statistics.Add(service.IsNone && !wasService ? Counter.ReapsStrangers : Counter.ReapsServices);
        image.Header.Work.Service = -1;
        image.Header.Reaped = default;
    }

    private bool WantsAutoUp(ServiceIndex service) =>
        services[service].Interval > 0 && services.HasArgs(service) && TriggerHolds(service);

    // Bit 0 is "always", and no signal has number 0.
    private bool TriggerHolds(ServiceIndex service) => (services[service].Triggers & (signals.Pending | 1)) != 0;

    private Instant PlannedDue(ServiceIndex service, Instant now)
    {
        ref readonly ServiceRecord record = ref services[service];
        Instant next = record.Started.IsNone ? now : record.Started + new Seconds(record.Interval);
        return next > now ? next : now;
    }

    private void ReconsiderPlan(ServiceIndex service, Instant now)
    {
        if (!WantsAutoUp(service))
        {
            Apply(service, LifecycleEvent.PlanDropped, now);
            return;
        }

        Instant due = PlannedDue(service, now);
        if (due != services[service].Due)
        {
            using (RecordWriter<ServiceRecord> change = services.Change(service))
            {
                change.Record.Due = due;
            }

            _deadlines.Arm(service.Value, due);
            Announce(service, now);
        }
    }

    private void RunDue(ServiceIndex service, Instant now)
    {
        if (services[service].IsPlanned && !TriggerHolds(service))
        {
            Apply(service, LifecycleEvent.PlanDropped, now);
        }
        else if (!services.HasArgs(service))
        {
            log.ServiceFailed(services[service].Name.Value, "there is nothing to execute"u8, Errno.None);
            Apply(service, LifecycleEvent.NothingToStart, now);
        }
        else
        {
            Launch(service, now);
        }
    }

    private void Launch(ServiceIndex service, Instant now)
    {
        (bool socket, bool events, bool commands) = planner.ConnectionsOf(service);
        ServiceEnds ends = ServiceEnds.None;
        int connection = -1;
        if (socket || events || commands)
        {
            Errno refused = connections.TryOpen(socket, events, commands, out ends, out connection);
            if (refused != Errno.None)
            {
                LaunchRefused(service, "open a connection"u8, refused, now);
                return;
            }
        }

        image.Pass(CrashPoint.Launch);
        LaunchPlan plan = planner.Prepare(service, ends);
        Errno errno;
        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            // Set before: a resume that finds a process takes it as started then. What was refused was no start.
            Instant last = change.Record.Started;
            change.Record.Started = now;
            errno = kernel.Spawn(ref plan, ref change.Record.Pid);
            change.Record.Started = errno == Errno.None ? now : last;
        }

        if (errno != Errno.None)
        {
            if (connection >= 0)
            {
                connections.Abandon(connection, ends);
            }

            LaunchRefused(service, "make a process"u8, errno, now);
            return;
        }

        image.Pass(CrashPoint.Launched);
        Launched(service, plan, now);
        image.Pass(CrashPoint.LaunchTold);
        if (connection >= 0)
        {
            connections.Settle(connection, ends);
        }
    }

    private void Launched(ServiceIndex service, in LaunchPlan plan, Instant now)
    {
        if (plan.FailedStep != LaunchStep.None)
        {
            statistics.Add(Counter.SpawnsFailed);
            ReadOnlySpan<byte> step = plan.FailedStep == LaunchStep.Execute ? "execute"u8 : "set up descriptors"u8;
            log.ServiceFailed(services[service].Name.Value, step, plan.FailedReason);
        }

        services.NotePid(services[service].Pid, service);
        Apply(service, LifecycleEvent.Launched, now);
    }

    private void LaunchRefused(ServiceIndex service, ReadOnlySpan<byte> step, Errno reason, Instant now)
    {
        statistics.Add(Counter.SpawnsFailed);
        log.ServiceFailed(services[service].Name.Value, step, reason);
        Apply(service, LifecycleEvent.LaunchRefused, now, now + new Seconds(RetrySeconds));
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
            statistics.Add(Counter.Spawns);
        }

        Follow(service, step, now);
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
                record.Due = due;
                record.IsPlanned = (step.Effects & LifecycleEffects.KeepPlan) != 0
                    ? record.IsPlanned
                    : (step.Effects & LifecycleEffects.Plan) != 0;
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
            _deadlines.Arm(service.Value, services[service].Due);
        }

        if ((step.Effects & LifecycleEffects.Disarm) != 0)
        {
            _deadlines.Disarm(service.Value);
        }

        if ((step.Effects & LifecycleEffects.Announce) != 0)
        {
            Announce(service, now);
        }

        if ((step.Effects & LifecycleEffects.ConsiderAutoUp) != 0)
        {
            ConsiderAutoUp(service, now);
        }
    }

    private void Announce(ServiceIndex service, Instant now)
    {
        EventLine line = announcer.Begin();
        ServiceEvents.State(ref line, services, service, now);
        announcer.Announce(line);
    }
}
