namespace Daemonproxy.Agent.Planning;

/// <summary>What is known of a run before it starts, and, from its tag, after the agent was killed.</summary>
/// <param name="Name">The job.</param>
/// <param name="Id">What no other job has.</param>
/// <param name="Fence">The number of the run, larger than that of each earlier one of the job.</param>
internal sealed record RunTerms(string Name, string Id, long Fence)
{
    /// <summary>The word of the data of Redis in which it was claimed.</summary>
    public string Fleet { get; init; } = "";

    public string Queue { get; init; } = "default";

    public string Program { get; init; } = "";

    /// <summary>How long it may run, in milliseconds; null for as long as it takes.</summary>
    public long? Limit { get; init; }

    /// <summary>The bytes of its description; none after the agent was killed.</summary>
    public byte[] Spec { get; init; } = [];

    public bool HasInput { get; init; }
}

/// <summary>How a run ended.</summary>
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

    /// <summary>When it was taken or found, in milliseconds of a clock that only goes forward.</summary>
    public long TakenAt { get; set; }

    public long? StartedAt { get; set; }

    public int? Pid { get; set; }

    public RunEnd? End { get; set; }

    /// <summary>The seconds until SIGKILL, once somebody asked for a stop.</summary>
    public int? StopSeconds { get; set; }

    public bool IsTimedOut { get; set; }

    /// <summary>True if it was taken from this machine: nothing is reported of it.</summary>
    public bool IsLate { get; set; }

    /// <summary>The answer to its start was lost.</summary>
    public bool IsUnknown { get; set; }

    public bool IsStopSent { get; set; }

    public bool IsReportSent { get; set; }

    public bool IsHoldSent { get; set; }

    public bool IsDeleteSent { get; set; }

    /// <summary>When a step is tried again, or a tree is not waited for any longer.</summary>
    public long? Due { get; set; }

    /// <summary>What is told once the service is gone: that the run is given back, and why.</summary>
    public BackEffect? Back { get; set; }

    /// <summary>A newer run of the same job, which starts when this one is gone.</summary>
    public Run? Next { get; set; }

    public RunView? View { get; set; }
}
