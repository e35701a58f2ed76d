using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Manager.Planning;

/// <summary>
/// Stops and deletes services that are no longer in the file; at a shutdown all other services are stopped, too.
/// </summary>
internal static class Removals
{
    /// <summary>Decides about the services of the daemon that are not in the graph.</summary>
    /// <param name="graph">The services of the file.</param>
    /// <param name="state">The daemon's state.</param>
    /// <param name="isShuttingDown">True if services stop that no manager has kept.</param>
    /// <param name="ownPid">The process of the manager, which is left alone.</param>
    /// <param name="plan">The plan; it gets the commands.</param>
    public static void Decide(
        ServiceGraph graph, StateSnapshot state, bool isShuttingDown, int ownPid, Plan plan)
    {
        RunView[] others =
        [
            .. state.Services.Values.Where(info => !graph.Names.Contains(info.Name.Text!))
                .Select(static info => new RunView(info.Name, info))
                .Where(other => other.OldTag is not null || isShuttingDown),
        ];
        RunView[] active = [.. others.Where(other => other.IsActive && other.Info!.Pid != ownPid)];
        RunView[] first = [.. active.Where(other => !active.Any(one => StopsBefore(one, other)))];

        // Tags of different files can form a cycle.
        foreach (RunView other in (first.Length > 0 ? first : active).Where(static other => !other.IsHeld))
        {
            plan.Info(
                $"{other.Name}: {(other.OldTag is null ? "stopping" : "stopping, it is not in the file any more")}");
            Stops.Send(other, StopWay.Parse(other.Tag.Stop), plan);
        }

        foreach (RunView other in others.Where(static other => !other.IsActive && other.OldTag is not null))
        {
            Starts.DeleteDescriptors(other, graph.Fds, state, plan);
            plan.Add("service.delete", other.Name);
        }
    }

    // It needs the other service, or writes to it, if that is a logger.
    private static bool StopsBefore(RunView one, RunView other) => one != other
        && (Names(one.Tag.Needs).Contains(other.Name)
            || one.Info!.Fds.Contains(ServiceSettings.PipeOf(other.Name).Writer));

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
