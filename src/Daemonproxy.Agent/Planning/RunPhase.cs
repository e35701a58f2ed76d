namespace Daemonproxy.Agent.Planning;

/// <summary>How a run of a job stands on this machine.</summary>
internal enum RunPhase
{
    /// <summary>Its service is being made; whether it was started is not known.</summary>
    Launching,

    /// <summary>The daemon has started it.</summary>
    Running,

    /// <summary>It has ended; Redis has not confirmed the report.</summary>
    Reporting,

    /// <summary>Nothing is to be told of it any more, or only after its service is gone.</summary>
    Clearing,
}
