using Daemonproxy.Kernel;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>Services that start while a descriptor has input: see <see cref="DescriptorTriggers"/>.</summary>
internal sealed partial class ServiceManager
{
    public override bool Watches(PollTokenKind kind) => kind == PollTokenKind.Trigger;

    /// <summary>A descriptor that starts services has input, or has hung up.</summary>
    public override void OnReady(in ReadyDescriptor ready) => triggers.Inputs.OnReady(ready);

    // In step Signals: starts what waits for the descriptors that were reported.
    private void ConsiderInputs(Instant now)
    {
        DescriptorTriggers inputs = triggers.Inputs;
        if (!inputs.HasWork(now))
        {
            return;
        }

        ServiceIndex service = inputs.NextReported(ServiceIndex.None);
        while (!service.IsNone)
        {
            ConsiderTrigger(service, now);
            service = inputs.NextReported(service);
        }

        inputs.EndReports(now);
    }

    // After each change of a service that decides whether it waits for its descriptors: one that is down, and neither
    // held nor about to be started by a trigger.
    private void UpdateInputs(ServiceIndex service)
    {
        ref readonly ServiceRecord record = ref services[service];
        if ((record.Triggers & TriggerEvaluator.Descriptors) != 0)
        {
            bool isDown = record.State is ServiceState.Never or ServiceState.Exited or ServiceState.Killed;
            bool isPutOff = record.State == ServiceState.Waiting && !record.IsPlanned;
            triggers.Inputs.SetNaming(service, true);
            triggers.Inputs.SetWaiting(service, record.Interval > 0 && !record.IsHeld && (isDown || isPutOff));
        }
    }

    // Before its triggers change, or it is forgotten.
    private void DropInputs(ServiceIndex service)
    {
        if ((services[service].Triggers & TriggerEvaluator.Descriptors) != 0)
        {
            triggers.Inputs.SetWaiting(service, false);
            triggers.Inputs.SetNaming(service, false);
        }
    }
}
