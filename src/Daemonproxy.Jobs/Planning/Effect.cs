namespace Daemonproxy.Jobs.Planning;

/// <summary>An action that the scheduler has decided.</summary>
/// <param name="Job">The job.</param>
internal abstract record Effect(Job Job)
{
    /// <summary>True if the action must wait until the current state of the job is recorded.</summary>
    public virtual bool NeedsRecord => true;
}

/// <summary>Make the service of the job's try, and start it.</summary>
internal sealed record LaunchEffect(Job Job) : Effect(Job);

/// <summary>Stop the service of the job. This does not wait for the disk, which may be full.</summary>
internal sealed record StopEffect(Job Job, int Seconds) : Effect(Job)
{
    public override bool NeedsRecord => false;
}

/// <summary>Delete the service of the job.</summary>
internal sealed record DeleteEffect(Job Job) : Effect(Job);

/// <summary>The result of the commands of a start.</summary>
internal enum LaunchResult
{
    /// <summary>The daemon has accepted the start.</summary>
    Accepted,

    /// <summary>It was not started: the daemon has no room now. It may be started later.</summary>
    Refused,

    /// <summary>It was not started, and never will be.</summary>
    Impossible,

    /// <summary>Unknown, because the connection was lost. The state of the daemon decides.</summary>
    Unknown,
}
