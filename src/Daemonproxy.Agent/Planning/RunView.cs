namespace Daemonproxy.Agent.Planning;

/// <summary>How the process of a service stands.</summary>
internal enum ServiceStanding
{
    /// <summary>It was not started.</summary>
    Never,

    /// <summary>The daemon has accepted its start.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Up,

    /// <summary>It has ended.</summary>
    Down,
}

/// <summary>What the planner looks at of a service of the daemon that is a run of a job.</summary>
/// <param name="Terms">What its tag says.</param>
/// <param name="Standing">How its process stands.</param>
internal sealed record RunView(RunTerms Terms, ServiceStanding Standing)
{
    /// <summary>When its run began, in milliseconds of the clock of the planner.</summary>
    public long StartedAt { get; init; }

    /// <summary>When it came to stand so.</summary>
    public long Since { get; init; }

    public int? Pid { get; init; }

    public int? ExitCode { get; init; }

    public string? Signal { get; init; }

    public (string Step, string Error, string Subject)? Failure { get; init; }

    /// <summary>True if it is being stopped, or was.</summary>
    public bool IsStopped { get; init; }

    /// <summary>True if no process of its tree is left.</summary>
    public bool IsEmpty { get; init; }
}
