using System;

namespace Daemonproxy.Jobs.Planning;

/// <summary>The confirmed state of a job's service in the daemon.</summary>
/// <param name="View">The service; null if there is none.</param>
internal readonly record struct Sight(ServiceView? View);

/// <summary>The properties of a service that the scheduler uses; the service is a try of a job.</summary>
/// <param name="Id">The job, by the tag.</param>
/// <param name="Attempt">The number of the try, by the tag.</param>
/// <param name="Standing">The state of its process.</param>
internal sealed record ServiceView(string Id, int Attempt, ServiceStanding Standing)
{
    /// <summary>The time of the last change of that state, CLOCK_MONOTONIC in milliseconds.</summary>
    public long Since { get; init; }

    /// <summary>The start of the finished run, by the same clock.</summary>
    public long StartedAt { get; init; }

    public int? Pid { get; init; }

    public int? ExitCode { get; init; }

    public string? Signal { get; init; }

    public JobFailure? Failure { get; init; }

    /// <summary>True if it is being stopped, or held down by a stop.</summary>
    public bool IsStopped { get; init; }

    /// <summary>True if no process of its tree is left.</summary>
    public bool IsEmpty { get; init; }

    public JobReach Reach { get; init; }
}
