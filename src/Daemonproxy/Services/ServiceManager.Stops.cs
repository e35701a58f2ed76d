using System;
using Daemonproxy.Collections;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>
/// Stops: a signal now, and SIGKILL to the tree when the time is over. A service that was stopped is held: nothing
/// starts it by itself until it is started again, or its auto_up is set anew.
/// </summary>
internal sealed partial class ServiceManager : IStopExtender, IHungControllerHandler
{
    // The seconds between SIGTERM and SIGKILL for a controller that hangs: the default of service.stop.
    private const int HungSeconds = 10;

    // The most multiples of a stop's seconds that a service can request.
    private const int MostExtension = 10;

    // The services whose stop or whose tree has something due, by when.
    private readonly DeadlineHeap _stops = new(kernel, services.Capacity);

    /// <summary>The next deadline of a stop, a tree or the check of a descriptor.</summary>
    public override Instant PrepareWait(Instant now) =>
        Instant.Earlier(triggers.Inputs.NextLook, _isWalking ? Instant.Never : _stops.Nearest);

    /// <summary>
    /// Stops a service: one that is up gets the signal, one that waits is not started. A second stop brings SIGKILL
    /// forward at most. The reason when the kernel refuses the signal; then nothing has changed.
    /// </summary>
    public Errno Stop(ServiceIndex service, Seconds patience, Signal signal, Instant now)
    {
        bool isUp = services[service].State == ServiceState.Up;
        bool isFirst = !services[service].IsStopping;
        if (isUp && isFirst && kernel.Kill(services[service].Pid, signal) is var refused and not Errno.None)
        {
            return refused;
        }

        bool hasProcesses = isUp || services[service].Tree == TreeState.Left;
        Instant killAt = hasProcesses ? now + patience : Instant.Never;
        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            ref ServiceRecord record = ref change.Record;
            record.StopSince = record.IsHeld ? record.StopSince : now;
            record.KillAt = isUp && isFirst ? killAt : Instant.Earlier(record.KillAt, killAt);
            Instant latest = now + new Seconds((int)Math.Min(patience.Value * (long)MostExtension, int.MaxValue));
            record.KillLatest = isUp && isFirst ? latest : Instant.Earlier(record.KillLatest, latest);
            record.IsStopping = isUp;
            record.IsHeld = true;
        }

        if (services[service].State == ServiceState.Waiting)
        {
            Apply(service, LifecycleEvent.CancelRequested, now);
        }

        ArmStop(service);
        UpdateInputs(service);
        AnnounceStop(service);
        return Errno.None;
    }

    void IStopExtender.ExtendStop(ServiceIndex service, Instant until)
    {
        ref readonly ServiceRecord record = ref services[service];
        Instant killAt = Instant.Earlier(until, record.KillLatest);
        if (record.IsStopping && record.KillAt != Instant.Never && killAt > record.KillAt)
        {
            using (RecordWriter<ServiceRecord> change = services.Change(service))
            {
                change.Record.KillAt = killAt;
            }

            ArmStop(service);
            AnnounceStop(service);
        }
    }

    // As a stop that does not hold the service down. A stop in progress continues. If the kernel refuses the signal,
    // SIGKILL is tried nevertheless.
    void IHungControllerHandler.EndHung(in FixedName name, Instant now)
    {
        bool isUp = services.TryFind(name.Value, out ServiceIndex service)
            && services[service].State == ServiceState.Up;
        if (!isUp || services[service].IsStopping)
        {
            return;
        }

        LogMessages.Hung(log, name.Value);
        kernel.Kill(services[service].Pid, new Signal(Signal.SIGTERM));
        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            ref ServiceRecord record = ref change.Record;
            record.StopSince = now;
            record.KillAt = now + new Seconds(HungSeconds);
            record.KillLatest = now + new Seconds(HungSeconds * MostExtension);
            record.IsStopping = true;
        }

        ArmStop(service);
        AnnounceStop(service);
    }

    // A service that goes down keeps the stop that is under way: SIGKILL comes when it was announced.
    private void EndHold(ServiceIndex service)
    {
        if (!services[service].IsHeld)
        {
            return;
        }

        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            change.Record.IsHeld = false;
        }

        UpdateInputs(service);
        if (!services[service].IsStopping)
        {
            AnnounceStop(service);
        }
    }

    // The time of a stop is over. A run without a tree is its process.
    private void KillDue(ServiceIndex service, Instant now)
    {
        if (services[service].State != ServiceState.Up || services[service].KillAt > now)
        {
            return;
        }

        kernel.Kill(services[service].Pid, new Signal(Signal.SIGKILL));
        if (!services[service].HasTree)
        {
            using RecordWriter<ServiceRecord> change = services.Change(service);
            change.Record.KillAt = Instant.Never;
        }
    }

    private void ArmStop(ServiceIndex service)
    {
        ref readonly ServiceRecord record = ref services[service];
        Instant due = record.State == ServiceState.Up
            ? (record.IsStopping ? record.KillAt : Instant.Never)
            : record.Tree == TreeState.Left ? Instant.Earlier(record.NextWalk, record.KillAt) : Instant.Never;
        if (due == Instant.Never)
        {
            _stops.Disarm(service.Value);
        }
        else
        {
            _stops.Arm(service.Value, due);
        }
    }

    private void AnnounceStop(ServiceIndex service)
    {
        LineWriter line = announcer.Begin();
        ServiceEvents.Stop(ref line, services, service);
        announcer.Announce(EventSubject.Of(service), line);
    }
}
