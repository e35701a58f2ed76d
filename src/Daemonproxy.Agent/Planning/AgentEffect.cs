namespace Daemonproxy.Agent.Planning;

/// <summary>The decisions of the planner; each is carried out once, and its result is passed to the planner.</summary>
internal abstract record AgentEffect;

/// <summary>The service of a run is made and started.</summary>
internal sealed record LaunchEffect(Run Run) : AgentEffect;

/// <summary>SIGTERM now, and SIGKILL after these seconds.</summary>
internal sealed record StopEffect(Run Run, int Seconds) : AgentEffect;

/// <summary>The service of a run is deleted.</summary>
internal sealed record DeleteEffect(Run Run) : AgentEffect;

/// <summary>The end of a run is reported to Redis, and what it has printed.</summary>
internal sealed record ReportEffect(Run Run) : AgentEffect;

/// <summary>Redis is asked for the owner of a run.</summary>
internal sealed record AskOwnerEffect(Run Run) : AgentEffect;

/// <summary>A run is given back to Redis without a report. It needs no answer: Redis names it again.</summary>
/// <param name="Name">The job.</param>
/// <param name="Id">The unique identifier of the job; empty if unknown.</param>
/// <param name="Fence">The run.</param>
/// <param name="How"><c>back</c>, or <c>lost</c> if it may have run.</param>
/// <param name="Why">One sentence.</param>
/// <param name="Delay">
/// The delay before it is given out again, in milliseconds. Redis doubles it each time the job is given back in a row.
/// </param>
internal sealed record BackEffect(string Name, string Id, long Fence, string How, string Why, int Delay) : AgentEffect;

/// <summary>No jobs are taken for a while, because none can be started.</summary>
/// <param name="Why">One sentence.</param>
/// <param name="Length">The length of the pause, in milliseconds.</param>
internal sealed record PauseEffect(string Why, int Length) : AgentEffect;

/// <summary>The result of a start.</summary>
internal enum LaunchResult
{
    /// <summary>The daemon has accepted it.</summary>
    Accepted,

    /// <summary>The job was not started, and may be later, or elsewhere.</summary>
    Refused,

    /// <summary>The job was not started, and this machine cannot start any other job now.</summary>
    Unable,

    /// <summary>The job was not started, and never will be on this machine.</summary>
    Impossible,

    /// <summary>The answer was lost.</summary>
    Unknown,
}

/// <summary>Redis' answer about a run.</summary>
internal enum Ownership
{
    /// <summary>It belongs to this machine; a report counts.</summary>
    Mine,

    /// <summary>It was taken from this machine, or it is over.</summary>
    Late,

    /// <summary>The same report was accepted before.</summary>
    Again,

    /// <summary>There is no such job.</summary>
    Gone,

    /// <summary>Redis did not answer.</summary>
    Away,
}
