using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Jobs;

/// <summary>
/// Background jobs that run on many machines. A job runs at least once: <see cref="IJobs"/> says "once" of one machine,
/// and a machine that is lost may have done a part of the work. <see cref="JobRequest.Queue"/> is the class of
/// machines.
/// </summary>
public interface IFleet : IJobs
{
    /// <summary>Accepts a job, as <see cref="IJobs.StartAsync"/>, with its place in the order.</summary>
    /// <param name="request">What is to be run.</param>
    /// <param name="place">When, and before which others.</param>
    /// <param name="cancellation">Ends the wait; the job may have been accepted.</param>
    /// <exception cref="JobsException">It was not accepted, or that is not known; the text says which.</exception>
    Task<JobInfo> StartAsync(JobRequest request, FleetPlace place, CancellationToken cancellation = default);

    /// <summary>The machines and the queues.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JobsException">Redis does not answer.</exception>
    Task<FleetStatus> GetStatusAsync(CancellationToken cancellation = default);
}
