using System;
using System.Collections.Frozen;
using System.Collections.Generic;

namespace Daemonproxy.Jobs.Planning;

/// <summary>The fixed properties of a job, without its program's arguments.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Name">Its name.</param>
/// <param name="Sequence">Its place in its queue.</param>
/// <param name="Queue">Its queue.</param>
internal sealed record JobTerms(string Id, string Name, long Sequence, string Queue)
{
    public TimeSpan? TimeLimit { get; init; }

    public JobRetries Retries { get; init; } = JobRetries.None;

    public DateTimeOffset Created { get; init; }

    /// <summary>The time for which its record is kept.</summary>
    public TimeSpan KeepFor { get; init; }

    /// <summary>Its program, for display.</summary>
    public string Program { get; init; } = "";

    public IReadOnlyDictionary<string, string> Tags { get; init; } = FrozenDictionary<string, string>.Empty;
}

/// <summary>A job that is not over, or whose service the daemon still has. The scheduler alone changes it.</summary>
internal sealed class Job(JobTerms terms)
{
    public JobTerms Terms { get; } = terms;

    public JobPhase Phase { get; set; }

    /// <summary>The result of the last try; <see cref="JobStatus.Queued"/> before its end.</summary>
    public JobStatus Outcome { get; set; }

    /// <summary>The current or last try, from 1.</summary>
    public int Attempt { get; set; }

    /// <summary>
    /// The identifier of the daemon that got the last try; a daemon keeps its identifier as long as its state. A dash
    /// if the try was certainly not started.
    /// </summary>
    public string? Epoch { get; set; }

    public DateTimeOffset? Started { get; set; }

    public DateTimeOffset? Ended { get; set; }

    public int? Pid { get; set; }

    public int? ExitCode { get; set; }

    public string? Signal { get; set; }

    public JobFailure? Failure { get; set; }

    public string? Reason { get; set; }

    public JobReach Reach { get; set; }

    /// <summary>The earliest time of the next try, by the monotonic clock.</summary>
    public long NotBefore { get; set; }

    /// <summary>The same as a time of day; null if it does not wait.</summary>
    public DateTimeOffset? NextTry { get; set; }

    public bool IsStopAsked { get; set; }

    /// <summary>The seconds until SIGKILL.</summary>
    public int StopSeconds { get; set; }

    public bool IsTimedOut { get; set; }

    // These fields are not recorded, because the next process does not need them.

    /// <summary>
    /// Its program, arguments and variables if they are small; otherwise they are read from the disk.
    /// </summary>
    public Records.JobSpec? Spec { get; set; }

    /// <summary>The commands of its start are in progress.</summary>
    public bool IsLaunching { get; set; }

    /// <summary>The daemon has accepted the start of this try, in this process.</summary>
    public bool IsAccepted { get; set; }

    /// <summary>The stop was sent on this connection.</summary>
    public bool IsStopSent { get; set; }

    /// <summary>The deletion of its service is in progress.</summary>
    public bool IsDeleting { get; set; }

    /// <summary>A service of an earlier try is in its way.</summary>
    public bool IsObstructed { get; set; }

    /// <summary>
    /// The time at which the run exceeds its limit, or the wait for its tree ends; by the monotonic clock.
    /// </summary>
    public long? Due { get; set; }

    /// <summary>The number of times in a row that the daemon had no room for it.</summary>
    public int Refusals { get; set; }

    /// <summary>True if another try follows after the removal of its service.</summary>
    public bool IsTriedAgain { get; set; }

    /// <summary>Its status for callers.</summary>
    public JobStatus Status => Phase switch
    {
        JobPhase.Queued => JobStatus.Queued,
        JobPhase.Starting => JobStatus.Starting,
        JobPhase.Running => JobStatus.Running,
        _ when IsTriedAgain => JobStatus.Queued,
        _ => Outcome,
    };

    public bool IsOver => Status >= JobStatus.Succeeded;
}
