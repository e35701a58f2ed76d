using Daemonproxy.Protocol;
using Daemonproxy.Signals;

namespace Daemonproxy.Services;

/// <summary>The conditions under which a service starts by itself.</summary>
internal sealed class TriggerEvaluator(ServiceTable services, PendingSignals signals, DescriptorTriggers inputs)
{
    /// <summary>The bit of a service's triggers that is "always".</summary>
    public const ulong Always = 1;

    /// <summary>The bit that says that some are descriptors. Those between are signals; 63 is not counted.</summary>
    public const ulong Descriptors = 1UL << 63;

    public PendingSignals Signals => signals;

    public DescriptorTriggers Inputs => inputs;

    /// <summary>
    /// True if a service has to be started automatically: it has an interval, a program, and a trigger that holds.
    /// </summary>
    public bool Want(ServiceIndex service) =>
        services[service].Interval > 0 && services.HasArgs(service) && Hold(service);

    /// <summary>True if a trigger holds: "always", a signal whose count is above 0, a descriptor with input.</summary>
    public bool Hold(ServiceIndex service)
    {
        ulong triggers = services[service].Triggers;
        return (triggers & (signals.Pending | Always)) != 0
            || ((triggers & Descriptors) != 0 && inputs.HasInput(service));
    }
}
