namespace Daemonproxy.Agent.Planning;

/// <summary>The phase of a run on this machine.</summary>
internal enum RunPhase
{
    /// <summary>Its service is being made; it may have been started or not.</summary>
    Launching,

    /// <summary>The daemon has started it.</summary>
    Running,

    /// <summary>It has ended; Redis has not confirmed the report.</summary>
    Reporting,

    /// <summary>No report is due, or only after its service is gone.</summary>
    Clearing,
}
