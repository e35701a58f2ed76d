namespace Daemonproxy.Jobs.Planning;

/// <summary>
/// The state of the process of a service. Background jobs and the agent of a fleet are compiled with this file.
/// </summary>
internal enum ServiceStanding
{
    /// <summary>It was not started, or its start was cancelled.</summary>
    Never,

    /// <summary>The daemon has accepted its start.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Up,

    /// <summary>It has ended.</summary>
    Down,
}
