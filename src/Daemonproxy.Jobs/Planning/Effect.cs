namespace Daemonproxy.Jobs.Planning;

/// <summary>Something that is to be done outside of the scheduler.</summary>
/// <param name="Job">The job that it is about.</param>
internal abstract record Effect(Job Job)
{
    /// <summary>Whether it may be done only when the job is recorded as it is now.</summary>
    public virtual bool NeedsRecord => true;
}

/// <summary>Make the service of the job's try, and start it.</summary>
internal sealed record LaunchEffect(Job Job) : Effect(Job);

/// <summary>Stop the service of the job. Not even a full disk holds that up.</summary>
internal sealed record StopEffect(Job Job, int Seconds) : Effect(Job)
{
    public override bool NeedsRecord => false;
}

/// <summary>Delete the service of the job.</summary>
internal sealed record DeleteEffect(Job Job) : Effect(Job);

/// <summary>How the commands of a start ended.</summary>
internal enum LaunchResult
{
    /// <summary>The daemon has accepted the start.</summary>
    Accepted,

    /// <summary>It was not started, and may be later: there is no room now.</summary>
    Refused,

    /// <summary>It was not started, and never will be.</summary>
    Impossible,

    /// <summary>Nobody knows: the connection was lost. The state of the daemon will say.</summary>
    Unknown,
}
