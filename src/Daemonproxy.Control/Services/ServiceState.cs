namespace Daemonproxy.Control.Services;

/// <summary>The states of a service, as they are shown: one word each.</summary>
internal enum ServiceState
{
    /// <summary>It is up, and said so.</summary>
    Ready,

    /// <summary>Its process runs, and it does not tell when it is ready.</summary>
    Up,

    /// <summary>Its process runs or is about to; it tells, and has not yet.</summary>
    Starting,

    /// <summary>It is to be started later.</summary>
    Waiting,

    /// <summary>It was asked to end, and it still runs, or something of its tree.</summary>
    Stopping,

    /// <summary>A one-shot that ended with 0.</summary>
    Done,

    /// <summary>It does not run, as wished.</summary>
    Down,

    /// <summary>It does not run although it should, or ended badly, or could not be executed.</summary>
    Failed,
}

/// <summary>What a state counts as.</summary>
internal enum Wellness
{
    Well,
    NotYet,
    Bad,
}
