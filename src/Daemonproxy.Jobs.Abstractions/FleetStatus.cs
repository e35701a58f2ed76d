using System;
using System.Collections.Generic;

namespace Daemonproxy.Jobs;

/// <summary>A fleet at one moment.</summary>
/// <param name="Machines">Those that have a lease, and those that were lost or left in the last day, by name.</param>
/// <param name="Queues">The queues that have or had jobs, by name and priority.</param>
/// <param name="Jobs">How many jobs there are of each status.</param>
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
/// <param name="Times">How often it was given back since it was accepted, or started.</param>
/// <param name="NextTry">When it is given to a machine again, by the clock of Redis; null for at once.</param>
/// <param name="Why">One sentence about the last time.</param>
public sealed record FleetReturn(string Job, int Times, DateTimeOffset? NextTry, string Why);

/// <summary>A machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Lease">How long its lease lasts; null if it has none.</param>
/// <param name="Queues">The queues that it takes jobs of.</param>
/// <param name="Places">How many jobs it runs at once.</param>
/// <param name="Running">How many jobs it has.</param>
/// <param name="Version">The version of its agent.</param>
/// <param name="Trouble">One sentence about what holds it up; null if there is nothing to say.</param>
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
/// <param name="Waiting">How many jobs wait.</param>
/// <param name="Lag">How long the first of them has waited; zero if none waits.</param>
public sealed record FleetQueue(string Name, FleetPriority Priority, int RecordVersion, long Waiting, TimeSpan Lag);
