using System;
using System.Collections.Generic;
using System.Linq;

namespace Daemonproxy.Jobs.Web;

/// <summary>A fleet, as the API shows it.</summary>
/// <param name="Machines">The machines that have a lease, and those that were lost or left in the last day.</param>
/// <param name="Queues">The queues that have or had jobs.</param>
/// <param name="Jobs">The number of jobs of each status.</param>
/// <param name="Returned">The jobs that were given back most often, and have not started since.</param>
internal sealed record FleetView(
    IReadOnlyList<MachineView> Machines,
    IReadOnlyList<QueueView> Queues,
    IReadOnlyDictionary<string, int> Jobs,
    IReadOnlyList<ReturnView> Returned)
{
    public static FleetView Of(FleetStatus status) => new(
        [.. status.Machines.Select(MachineView.Of)],
        [.. status.Queues.Select(QueueView.Of)],
        status.Jobs.ToDictionary(static one => one.Key.ToString(), static one => one.Value),
        [.. status.Returned.Select(ReturnView.Of)]);
}

/// <summary>A machine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LeaseSeconds">The remaining time of its lease; left out if it has none.</param>
/// <param name="Queues">The queues that it takes jobs of.</param>
/// <param name="Places">The most jobs that it runs at once.</param>
/// <param name="Running">The number of its jobs.</param>
/// <param name="Version">The version of its agent.</param>
/// <param name="Trouble">One sentence: the reason why it takes no jobs.</param>
internal sealed record MachineView(
    string Name,
    double? LeaseSeconds,
    IReadOnlyList<string> Queues,
    int Places,
    int Running,
    string Version,
    string? Trouble)
{
    public static MachineView Of(FleetMachine machine) => new(
        machine.Name,
        machine.Lease?.TotalSeconds,
        machine.Queues,
        machine.Places,
        machine.Running,
        machine.Version,
        machine.Trouble);
}

/// <summary>A queue of one priority.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Priority">The priority.</param>
/// <param name="RecordVersion">The version of its records.</param>
/// <param name="Waiting">The number of waiting jobs.</param>
/// <param name="LagSeconds">The time that the first of them has waited.</param>
internal sealed record QueueView(
    string Name, FleetPriority Priority, int RecordVersion, long Waiting, double LagSeconds)
{
    public static QueueView Of(FleetQueue queue) =>
        new(queue.Name, queue.Priority, queue.RecordVersion, queue.Waiting, queue.Lag.TotalSeconds);
}

/// <summary>A job that machines gave back.</summary>
/// <param name="Job">Its name.</param>
/// <param name="Times">The number of times that it was given back.</param>
/// <param name="NextTry">The time at which it is given to a machine again; left out for at once.</param>
/// <param name="Why">One sentence: the reason of the last time.</param>
internal sealed record ReturnView(string Job, int Times, DateTimeOffset? NextTry, string Why)
{
    public static ReturnView Of(FleetReturn one) => new(one.Job, one.Times, one.NextTry, one.Why);
}
