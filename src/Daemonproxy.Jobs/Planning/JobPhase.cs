namespace Daemonproxy.Jobs.Planning;

/// <summary>The phase of a job between its acceptance and the removal of its service.</summary>
internal enum JobPhase
{
    /// <summary>It has no service, or an old one that is being removed, and waits.</summary>
    Queued,

    /// <summary>The intent to start it is recorded; the daemon may have its service.</summary>
    Starting,

    /// <summary>The daemon has announced that its process runs.</summary>
    Running,

    /// <summary>The try is over and recorded; its service is to be removed. Then it is over, or queued again.</summary>
    Clearing,

    /// <summary>The job is over, and the daemon has no service of it.</summary>
    Gone,
}
