namespace Daemonproxy.Agent.Planning;

/// <summary>What the planner has decided; each is carried out once, and its result told to the planner.</summary>
internal abstract record AgentEffect;

/// <summary>The service of a run is made and started.</summary>
internal sealed record LaunchEffect(Run Run) : AgentEffect;

/// <summary>SIGTERM now, and SIGKILL after these seconds.</summary>
internal sealed record StopEffect(Run Run, int Seconds) : AgentEffect;

/// <summary>The service of a run is deleted.</summary>
internal sealed record DeleteEffect(Run Run) : AgentEffect;

/// <summary>The end of a run is reported to Redis, and what it has printed.</summary>
internal sealed record ReportEffect(Run Run) : AgentEffect;

/// <summary>Redis is asked whose a run is.</summary>
internal sealed record HoldEffect(Run Run) : AgentEffect;

/// <summary>A run is given back to Redis without a report. It needs no answer: Redis names it again.</summary>
/// <param name="Name">The job.</param>
/// <param name="Id">What no other job has; empty if that is not known.</param>
/// <param name="Fence">The run.</param>
/// <param name="How"><c>back</c>, or <c>lost</c> if it may have run.</param>
/// <param name="Why">One sentence.</param>
/// <param name="Delay">
/// How long it is given to nobody, in milliseconds. Redis doubles that each time the job is given back in a row.
/// </param>
internal sealed record BackEffect(string Name, string Id, long Fence, string How, string Why, int Delay) : AgentEffect;

/// <summary>No jobs are taken for a while, because none can be started.</summary>
/// <param name="Why">One sentence.</param>
/// <param name="Length">How long, in milliseconds.</param>
internal sealed record PauseEffect(string Why, int Length) : AgentEffect;

/// <summary>What became of a start.</summary>
internal enum LaunchResult
{
    /// <summary>The daemon has accepted it.</summary>
    Accepted,

    /// <summary>Nothing was started, and it may work later, or elsewhere.</summary>
    Refused,

    /// <summary>Nothing was started, and this machine cannot start any other job now.</summary>
    Unable,

    /// <summary>Nothing was started, and never will be on this machine.</summary>
    Impossible,

    /// <summary>The answer was lost.</summary>
    Unknown,
}

/// <summary>What Redis says about a run.</summary>
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
