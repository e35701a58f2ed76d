using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>
/// Services that were refused a process or a connection. At a limit, a place that becomes free would go to the service
/// that ended and is started again, each time, and those that were refused would never get one.
/// </summary>
internal sealed partial class ServiceManager
{
    // By the time of the last refusal, so that each of them has its turn.
    private readonly DeadlineHeap _refused = new(kernel, services.Capacity);

    /// <summary>The service whose last refusal is the longest ago; none when nothing was refused.</summary>
    public ServiceIndex OldestRefused => new(_refused.First);

    /// <summary>True if the last attempt to launch a service was refused, and it waits for the next one.</summary>
    public bool IsRefused(ServiceIndex service) =>
        services[service].State == ServiceState.Waiting
        && services[service].FailedStep is LaunchStep.Process or LaunchStep.Connection
        && services[service].FailedAt == services[service].Since;

    // Every other change of a service ends its claim: it is up, or has another start time.
    private void NoteRefusal(ServiceIndex service, bool isRefused, Instant at)
    {
        if (isRefused)
        {
            _refused.Arm(service.Value, at);
        }
        else if (_refused.First >= 0)
        {
            _refused.Disarm(service.Value);
        }
    }
}
