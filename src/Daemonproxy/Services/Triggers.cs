using Daemonproxy.Protocol;
using Daemonproxy.Signals;

namespace Daemonproxy.Services;

/// <summary>The conditions under which a service starts by itself.</summary>
internal sealed class Triggers(ServiceTable services, PendingSignals signals)
{
    /// <summary>
    /// Whether a service is to be started by itself: it has an interval, a program, and a trigger that holds.
    /// </summary>
    public bool Want(ServiceIndex service) =>
        services[service].Interval > 0 && services.HasArgs(service) && Hold(service);

    /// <summary>
    /// Whether one of its triggers holds. Bit 0 is "always"; the other bits are signals, whose count is above 0.
    /// </summary>
    public bool Hold(ServiceIndex service) => (services[service].Triggers & (signals.Pending | 1)) != 0;
}
