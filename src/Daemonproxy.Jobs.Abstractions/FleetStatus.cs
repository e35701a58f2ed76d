using System;
using System.Collections.Generic;

namespace Daemonproxy.Jobs;

/// <summary>A snapshot of a fleet.</summary>
/// <param name="Machines">
/// The machines that have a lease, and those that were lost or left in the last day, by name.
/// </param>
/// <param name="Queues">The queues that have or had jobs, by name and priority.</param>
/// <param name="Jobs">The number of jobs of each status.</param>
/// <param name="Returned">
/// Jobs that machines gave back, and that have not started since: the twenty that were given back most often.
/// </param>
public sealed record FleetStatus(
    IReadOnlyList<FleetMachine> Machines,
    IReadOnlyList<FleetQueue> Queues,
    IReadOnlyDictionary<JobStatus, int> Jobs,
    IReadOnlyList<FleetReturn> Returned);

/// <summary>A job that a machine could not start. Each time it waits twice as long, up to five minutes.</summary>
/// <param name="Job">Its name.</param>
/// <param name="Times">The number of times that it was given back since it was accepted, or started.</param>
/// <param name="NextTry">
/// The time at which it is given to a machine again, by the clock of Redis; null for at once.
/// </param>
/// <param name="Why">One sentence: the reason of the last time.</param>
public sealed record FleetReturn(string Job, int Times, DateTimeOffset? NextTry, string Why);

/// <summary>A machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Lease">The remaining time of its lease; null if it has none.</param>
/// <param name="Queues">The queues from which it takes jobs.</param>
/// <param name="Places">The most jobs that it runs at once.</param>
/// <param name="Running">The number of its jobs.</param>
/// <param name="Version">The version of its agent.</param>
/// <param name="Trouble">One sentence: the reason why it takes no jobs; null if there is none.</param>
public sealed record FleetMachine(
    string Name,
    TimeSpan? Lease,
    IReadOnlyList<string> Queues,
    int Places,
    int Running,
    string Version,
    string? Trouble);

/// <summary>A queue of one priority.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Priority">The priority.</param>
/// <param name="RecordVersion">The version of its records: agents that do not know it leave them to others.</param>
/// <param name="Waiting">The number of waiting jobs.</param>
/// <param name="Lag">The time that the first of them has waited; zero if none waits.</param>
public sealed record FleetQueue(string Name, FleetPriority Priority, int RecordVersion, long Waiting, TimeSpan Lag);
