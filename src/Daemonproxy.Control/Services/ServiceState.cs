namespace Daemonproxy.Control.Services;

/// <summary>The states of a service that are shown: one word each.</summary>
internal enum ServiceState
{
    /// <summary>Its process runs, and it has reported that it is ready.</summary>
    Ready,

    /// <summary>Its process runs, and it has no means to report readiness.</summary>
    Up,

    /// <summary>Its process runs or is about to; it has not yet reported that it is ready.</summary>
    Starting,

    /// <summary>It will be started later.</summary>
    Waiting,

    /// <summary>It was asked to end, and its process or its tree still runs.</summary>
    Stopping,

    /// <summary>A one-shot that ended with 0.</summary>
    Done,

    /// <summary>It does not run, and should not.</summary>
    Down,

    /// <summary>It does not run although it should, or ended badly, or could not be executed.</summary>
    Failed,
}

/// <summary>The assessment of a state.</summary>
internal enum Wellness
{
    Well,
    NotYet,
    Bad,
}
