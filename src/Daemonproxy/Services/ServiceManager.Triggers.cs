using System;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>Automatic starts: setting triggers, and acting on them.</summary>
internal sealed partial class ServiceManager
{
    /// <summary>
    /// Sets what starts a service by itself; an interval of 0 is nothing. None when there is no room for the text.
    /// </summary>
    public ServiceIndex SetAutoUp(
        scoped in ServiceTarget target, int interval, ulong bits, scoped ReadOnlySpan<byte> text, Instant now)
    {
        if (target.Exists)
        {
            DropInputs(target.Index);
        }

        ServiceIndex service = services.SetText(target, ServiceTextTag.Triggers, text);
        if (service.IsNone)
        {
            if (target.Exists)
            {
                UpdateInputs(target.Index);
            }

            return service;
        }

        if (interval > 0)
        {
            EndHold(service);
        }

        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            change.Record.Interval = interval;
            change.Record.Triggers = bits;
        }

        ConsiderNewTriggers(service, now);
        UpdateInputs(service);
        return service;
    }

    private void ConsiderNewTriggers(ServiceIndex service, Instant now)
    {
        if (services[service].State == ServiceState.Waiting && services[service].IsPlanned)
        {
            ReconsiderPlan(service, now);
        }
        else
        {
            ConsiderTrigger(service, now);
        }
    }

    private Instant PlannedDue(ServiceIndex service, Instant now) =>
        new RestartDelay(services[service].Interval).NextStart(services[service].Started, now);

    private void ReconsiderPlan(ServiceIndex service, Instant now)
    {
        if (!triggers.Want(service))
        {
            Apply(service, LifecycleEvent.PlanDropped, now);
            return;
        }

        Instant due = PlannedDue(service, now);
        if (due != services[service].Due)
        {
            MoveStart(service, due, now);
        }
    }

    // A trigger holds now, or is set now. A delayed requested start is brought forward, and stays a requested one: it
    // happens even if the trigger ends.
    private void ConsiderTrigger(ServiceIndex service, Instant now)
    {
        bool isPutOff = services[service].State == ServiceState.Waiting && !services[service].IsPlanned;
        if (!isPutOff)
        {
            ConsiderAutoUp(service, now);
        }
        else if (triggers.Want(service) && PlannedDue(service, now) < services[service].Due)
        {
            MoveStart(service, PlannedDue(service, now), now);
        }
    }

    private void MoveStart(ServiceIndex service, Instant due, Instant now)
    {
        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            change.Record.Due = due;
        }

        ArmStart(service, due);
        Announce(service, now);
    }
}
