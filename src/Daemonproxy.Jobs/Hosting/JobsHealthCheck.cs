using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Jobs.Running;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Daemonproxy.Jobs.Hosting;

/// <summary>
/// Healthy while the daemon answers and records can be written. While the daemon is away, jobs are accepted and wait:
/// degraded. While records cannot be written, jobs are refused: the failure status of the registration, by default
/// unhealthy.
/// </summary>
internal sealed class JobsHealthCheck(HostedJobs jobs) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failure)
    {
        if (jobs.Running is not { } engine)
        {
            return new HealthCheckResult(failure, "The jobs of the application have not started, or have ended.");
        }

        LinkStatus link = engine.Link;
        Dictionary<string, object> facts = new()
        {
            ["queued"] = engine.Counts.Queued,
            ["link"] = link.State.ToString(),
        };
        if (engine.StorageFault is { } fault)
        {
            return new HealthCheckResult(failure, fault.Message, fault, facts);
        }

        if (engine.Obstacle is { } obstacle)
        {
            return new HealthCheckResult(failure, obstacle.Text, data: facts);
        }

        return link.State == LinkState.Connected
            ? HealthCheckResult.Healthy("The daemon answers.", facts)
            : HealthCheckResult.Degraded(link.Reason, link.Cause, facts);
    }
}
