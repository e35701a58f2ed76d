namespace Daemonproxy.Agent.Planning;

/// <summary>The data of a run before it starts, and, from its tag, after the agent was killed.</summary>
/// <param name="Name">The job.</param>
/// <param name="Id">The unique identifier of the job.</param>
/// <param name="Fence">The number of the run, larger than that of each earlier one of the job.</param>
internal sealed record RunTerms(string Name, string Id, long Fence)
{
    /// <summary>The identifier of Redis' data in which it was claimed.</summary>
    public string Fleet { get; init; } = "";

    public string Queue { get; init; } = "default";

    public string Program { get; init; } = "";

    /// <summary>The time that it may run, in milliseconds; null for no limit.</summary>
    public long? Limit { get; init; }

    /// <summary>The bytes of its description; none after the agent was killed.</summary>
    public byte[] Spec { get; init; } = [];

    public bool HasInput { get; init; }
}

/// <summary>The end of a run.</summary>
/// <param name="Status">The word of Redis: <c>succeeded</c>, <c>failed</c>, <c>stopped</c>, <c>timed-out</c>.</param>
internal sealed record RunEnd(string Status)
{
    public int? ExitCode { get; init; }

    public string? Signal { get; init; }

    public (string Step, string Error, string Subject)? Failure { get; init; }

    public string? Reason { get; init; }
}

/// <summary>A run that this machine has. It is changed by the planner alone.</summary>
internal sealed class Run(RunTerms terms)
{
    public RunTerms Terms => terms;

    public RunPhase Phase { get; set; }

    /// <summary>The time at which it was taken or found, in milliseconds of a monotonic clock.</summary>
    public long TakenAt { get; set; }

    public long? StartedAt { get; set; }

    public int? Pid { get; set; }

    public RunEnd? End { get; set; }

    /// <summary>The seconds until SIGKILL, once a stop was requested.</summary>
    public int? StopSeconds { get; set; }

    public bool IsTimedOut { get; set; }

    /// <summary>True if it was taken from this machine: it is not reported.</summary>
    public bool IsLate { get; set; }

    /// <summary>The answer to its start was lost.</summary>
    public bool IsUnknown { get; set; }

    public bool IsStopSent { get; set; }

    public bool IsReportSent { get; set; }

    public bool IsOwnerAsked { get; set; }

    public bool IsDeleteSent { get; set; }

    /// <summary>The time at which a step is tried again, or the wait for a tree ends.</summary>
    public long? Due { get; set; }

    /// <summary>The give-back that is sent once the service is gone, with its reason.</summary>
    public BackEffect? Back { get; set; }

    /// <summary>A newer run of the same job, which starts when this one is gone.</summary>
    public Run? Next { get; set; }

    public RunView? View { get; set; }
}
