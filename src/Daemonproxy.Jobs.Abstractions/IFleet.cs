using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Jobs;

/// <summary>
/// Background jobs that run on many machines. A job runs at least once: "once" of <see cref="IJobs"/> applies to one
/// machine, and a lost machine may have done a part of the work. <see cref="JobRequest.Queue"/> is the class of
/// machines.
/// </summary>
public interface IFleet : IJobs
{
    /// <summary>Accepts a job, as <see cref="IJobs.StartAsync"/>, with its place in the order.</summary>
    /// <param name="request">The program to run, and its settings.</param>
    /// <param name="place">Its earliest time and its priority.</param>
    /// <param name="cancellation">Ends the wait; the job may have been accepted.</param>
    /// <exception cref="JobsException">
    /// The job was not accepted, or its acceptance is unknown; the message says which.
    /// </exception>
    Task<JobInfo> StartAsync(JobRequest request, FleetPlace place, CancellationToken cancellation = default);

    /// <summary>The machines and the queues.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JobsException">Redis does not answer.</exception>
    Task<FleetStatus> GetStatusAsync(CancellationToken cancellation = default);
}
