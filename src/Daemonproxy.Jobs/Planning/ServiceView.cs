using System;

namespace Daemonproxy.Jobs.Planning;

/// <summary>How the process of a service stands.</summary>
internal enum ServiceStanding
{
    /// <summary>It was not started, or its start was taken back.</summary>
    Never,

    /// <summary>The daemon has accepted its start.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Up,

    /// <summary>It has ended.</summary>
    Down,
}

/// <summary>What the daemon has of a job, for certain.</summary>
/// <param name="View">The service; null if there is none.</param>
internal readonly record struct Sight(ServiceView? View);

/// <summary>What the scheduler looks at of a service of the daemon that is a try of a job.</summary>
/// <param name="Id">The job, by the tag.</param>
/// <param name="Attempt">The number of the try, by the tag.</param>
/// <param name="Standing">How its process stands.</param>
internal sealed record ServiceView(string Id, int Attempt, ServiceStanding Standing)
{
    /// <summary>When it came to stand so, CLOCK_MONOTONIC in milliseconds.</summary>
    public long Since { get; init; }

    /// <summary>When the run began that is over, in the same.</summary>
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
