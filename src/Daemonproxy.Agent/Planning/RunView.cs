using Daemonproxy.Jobs.Planning;

namespace Daemonproxy.Agent.Planning;

/// <summary>The properties of a service that the planner uses; the service is a run of a job.</summary>
/// <param name="Terms">The data of its tag.</param>
/// <param name="Standing">The state of its process.</param>
internal sealed record RunView(RunTerms Terms, ServiceStanding Standing)
{
    /// <summary>The start of its run, in milliseconds of the clock of the planner.</summary>
    public long StartedAt { get; init; }

    /// <summary>The time of the last change of that state.</summary>
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
