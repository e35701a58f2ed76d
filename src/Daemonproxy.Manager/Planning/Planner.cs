using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Manager.Planning;

/// <summary>The time of a plan.</summary>
/// <param name="Clock">The daemon's clock.</param>
/// <param name="Wall">The time of day, for schedules.</param>
public readonly record struct Moment(Instant Clock, DateTimeOffset Wall)
{
    /// <summary>The daemon's clock with its fraction of a second, so that no schedule comes early.</summary>
    public double Exact { get; init; } = Clock.Value;
}

/// <summary>
/// Decides the actions for the services of the file. It keeps no state of its own: all data are in the daemon's state,
/// the manager's in the tag <c>manager=</c> of each service. So every manager makes the same plan for the same state,
/// and a manager that is killed between any two commands loses nothing:
/// <list type="bullet">
/// <item>A tag is sent before the command that makes it true, and a plan checks whether that command was run,
/// too.</item>
/// <item>A command is sent while the state requires it, and is harmless if it was run already.</item>
/// </list>
/// </summary>
internal sealed class Planner
{
    private readonly ServiceGraph _graph;
    private readonly StateSnapshot _state;
    private readonly Moment _now;
    private readonly int _ownPid;
    private readonly ImmutableArray<ServiceView> _services;
    private readonly Plan _plan = new();

    private Planner(
        ServiceGraph graph, StateSnapshot state, Moment now, int ownPid, IReadOnlySet<string>? refused)
    {
        _graph = graph;
        _state = state;
        _now = now;
        _ownPid = ownPid;
        _services =
        [
            .. graph.Nodes.Select(node => new ServiceView(graph, node, state, now)
            {
                IsRefused = refused is { Count: > 0 } && node.Names.Any(refused.Contains),
            }),
        ];
    }

    /// <summary>Makes a plan.</summary> /// <param name="graph">The services of the file.</param>
    /// <param name="state">The daemon's state, after the commands of the previous plan.</param>
    /// <param name="now">When it is.</param>
    /// <param name="isShuttingDown">True if all services, and then the daemon, have to end.</param>
    /// <param name="ownPid">The process of the manager, whose service is left alone.</param>
    /// <param name="ending">The program that the daemon executes at its end; null for that of the file.</param>
    /// <param name="refused">The services and helper commands whose settings the daemon refuses.</param>
    public static Plan Make(
        ServiceGraph graph,
        StateSnapshot state,
        Moment now,
        bool isShuttingDown = false,
        int ownPid = 0,
        TextList? ending = null,
        IReadOnlySet<string>? refused = null)
    {
        var planner = new Planner(graph, state, now, ownPid, refused);
        planner.Make(isShuttingDown, ending);
        return planner._plan;
    }

    private void Make(bool isShuttingDown, TextList? ending)
    {
        Wants.Decide(_services, isShuttingDown);
        foreach (ServiceView service in _services)
        {
            Wants.NoteForeign(service, _now, _plan);
            Ends.Account(service, _now, _plan);
            Checks.Run(service, _now, _plan);
            Stops.Decide(service, _services, _now, isShuttingDown, _plan);
            Schedules.Decide(service, _now, _plan);
        }

        Stops.FindOrder(_services);
        foreach (ServiceView service in _services)
        {
            if (service.StopReason.Length > 0)
            {
                Stops.Stop(service, _state, _plan);
                if (!service.IsActive)
                {
                    Starts.Arm(service, _plan);
                }

                Starts.Settle(service, _services);
            }
            else if (!isShuttingDown)
            {
                Starts.Start(service, _services, _state, _now, _plan);
            }

            Steps.Continue(service, _state, isShuttingDown, _plan);
            Note(service);
        }

        Removals.Decide(_graph, _state, isShuttingDown, _ownPid, _plan);
        if (isShuttingDown && IsQuiet() && _plan.Commands.Count == 0)
        {
            _plan.AddEnd(_graph.Set.Daemon, ending);
        }
    }

    // The tag, if no command has sent it already.
    private void Note(ServiceView service)
    {
        if (service.Info is null && !service.IsRefused)
        {
            Starts.Define(service, _state, _plan);
        }

        if (service.Info is not null || !service.IsRefused)
        {
            Starts.SendTag(service, _plan);
        }

        Steps.DefineReload(service, _state, _plan);
        SendTags(service.Pre);
        SendTags(service.Post);
        SendTag(service.Check);
        SendTag(service.Stopper);
    }

    private void SendTag(StepView? step)
    {
        if (step is { Info: not null })
        {
            Starts.SendTag(step, _plan);
        }
    }

    private void SendTags(StepView[] steps)
    {
        foreach (StepView step in steps)
        {
            Starts.SendTag(step, _plan);
        }
    }

    private bool IsQuiet() => _services.All(static service => !service.IsBusy)
        && !_state.Services.Values.Any(info => info.Phase == ServicePhase.Up && info.Pid != _ownPid);
}
