using System;
using System.Collections.Frozen;
using System.Collections.Generic;

namespace Daemonproxy.Jobs.Planning;

/// <summary>What a job was accepted with, apart from what it runs.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Name">Its name.</param>
/// <param name="Sequence">Its place in its queue.</param>
/// <param name="Queue">Its queue.</param>
internal sealed record JobTerms(string Id, string Name, long Sequence, string Queue)
{
    public TimeSpan? TimeLimit { get; init; }

    public JobRetries Retries { get; init; } = JobRetries.None;

    public DateTimeOffset Created { get; init; }

    /// <summary>How long its record is kept.</summary>
    public TimeSpan KeepFor { get; init; }

    /// <summary>Its program, as it is shown.</summary>
    public string Program { get; init; } = "";

    public IReadOnlyDictionary<string, string> Tags { get; init; } = FrozenDictionary<string, string>.Empty;
}

/// <summary>A job that is not over, or whose service the daemon still has. The scheduler alone changes it.</summary>
internal sealed class Job(JobTerms terms)
{
    public JobTerms Terms { get; } = terms;

    public JobPhase Phase { get; set; }

    /// <summary>How the last try ended; <see cref="JobStatus.Queued"/> before that.</summary>
    public JobStatus Outcome { get; set; }

    /// <summary>The current or last try, from 1.</summary>
    public int Attempt { get; set; }

    /// <summary>
    /// The daemon to which the last try was given: an identifier that it keeps as long as it lives. A dash if the try
    /// is known not to have been started.
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

    /// <summary>Before that it is not tried, by the monotonic clock.</summary>
    public long NotBefore { get; set; }

    /// <summary>The same by the time of day; null if it waits for nothing.</summary>
    public DateTimeOffset? NextTry { get; set; }

    public bool IsStopAsked { get; set; }

    /// <summary>The seconds until SIGKILL.</summary>
    public int StopSeconds { get; set; }

    public bool IsTimedOut { get; set; }

    // What is not recorded, because it is of no use to the next process.

    /// <summary>What it runs, where that is small; else it is on the disk.</summary>
    public Records.JobSpec? Spec { get; set; }

    /// <summary>Commands of its start are under way.</summary>
    public bool IsLaunching { get; set; }

    /// <summary>The daemon has accepted the start of this try, in this process.</summary>
    public bool IsAccepted { get; set; }

    /// <summary>The stop was sent on this connection.</summary>
    public bool IsStopSent { get; set; }

    /// <summary>The deletion of its service is under way.</summary>
    public bool IsDeleting { get; set; }

    /// <summary>A service of an earlier try is in its way.</summary>
    public bool IsObstructed { get; set; }

    /// <summary>
    /// When the time of the run is over, or its tree is not waited for any more; by the monotonic clock.
    /// </summary>
    public long? Due { get; set; }

    /// <summary>How often the daemon had no room for it in a row.</summary>
    public int Refusals { get; set; }

    /// <summary>Whether a further try is planned behind the service that is being removed.</summary>
    public bool IsTriedAgain { get; set; }

    /// <summary>How it is shown.</summary>
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
