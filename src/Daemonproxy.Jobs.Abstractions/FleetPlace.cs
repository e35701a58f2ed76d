using System;

namespace Daemonproxy.Jobs;

/// <summary>The priorities of the jobs of a queue.</summary>
public enum FleetPriority
{
    /// <summary>Before all others.</summary>
    High,

    /// <summary>The default.</summary>
    Normal,

    /// <summary>When no other one waits.</summary>
    Low,
}

/// <summary>The place of a job in the order.</summary>
public sealed record FleetPlace
{
    /// <summary>Its priority: within one, and within a queue, the order is that of acceptance.</summary>
    public FleetPriority Priority { get; init; } = FleetPriority.Normal;

    /// <summary>
    /// Not before this time, by the clock of Redis; null for at once. Each machine checks it each third of its lease,
    /// so the job may start some seconds later.
    /// </summary>
    public DateTimeOffset? NotBefore { get; init; }
}
