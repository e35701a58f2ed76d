using System.Collections.Immutable;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Manager.Planning;

/// <summary>The reasons of the manager for a stop; kept in the tag from before the stop until the next start.</summary>
internal static class StopReasons
{
    public const string Shutdown = "shutdown";
    public const string Wish = "wish";
    public const string Changed = "changed";
    public const string Restart = "restart";
    public const string Needs = "needs";
    public const string Timeout = "timeout";
    public const string Check = "check";

    /// <summary>Services that need the service are stopped before it.</summary>
    public static bool ReachesDependents(string reason) => reason is not ("" or Timeout or Check);

    /// <summary>The service itself has failed.</summary>
    public static bool IsFailure(string reason) => reason is Timeout or Check;
}

/// <summary>Decides which services must stop, and in which order.</summary>
internal static class Stops
{
    /// <summary>Sets the reason why a service must stop.</summary>
    /// <param name="service">The service. Its needs were decided before.</param>
    /// <param name="services">All services.</param>
    /// <param name="now">When it is.</param>
    /// <param name="isShuttingDown">True if all must stop.</param>
    /// <param name="plan">The plan; it gets the time of the next plan.</param>
    public static void Decide(
        ServiceView service, ImmutableArray<ServiceView> services, Moment now, bool isShuttingDown, Plan plan)
    {
        if (!service.IsBusy)
        {
            return;
        }

        service.StopReason =
            isShuttingDown ? StopReasons.Shutdown
            : IsUnwanted(service) ? StopReasons.Wish
            : !service.MayRun && service.IsWanted ? StopReasons.Needs
            : service.StopReason.Length > 0 ? service.StopReason
            : IsChanged(service) ? StopReasons.Changed
            : service.HasNewWish && service.Wish!.Kind == WishKind.Restart ? StopReasons.Restart
            : service.Node.Needs.Any(needed => StopReasons.ReachesDependents(services[needed].StopReason))
                ? StopReasons.Needs
            : service.Node.Binds.Any(bound => !services[bound].IsReady)
                ? StopReasons.Needs
            : IsLate(service, now, plan) ? StopReasons.Timeout

            // A stop in progress is completed.
            : service.IsActive && (service.IsHeld || service.Tag.Phase == Steps.StopPhase) ? service.Tag.Stopping
            : "";
    }

    /// <summary>Finds services that wait for others to stop first.</summary>
    public static void FindOrder(ImmutableArray<ServiceView> services)
    {
        foreach (ServiceView service in services)
        {
            if (service.StopReason.Length > 0 && service.IsBusy)
            {
                foreach (int place in service.Node.StopsBefore)
                {
                    services[place].WaitsToStop = true;
                }
            }
        }
    }

    /// <summary>Stops a service, or its helper command, once no other service has to stop first.</summary>
    public static void Stop(ServiceView service, StateSnapshot state, Plan plan)
    {
        if (service.WaitsToStop || !service.IsBusy)
        {
            return;
        }

        if (service.Step is { IsActive: true } step)
        {
            // What runs after an end, or for a stop, may finish.
            if (!step.IsHeld && service.Tag.Phase.StartsWith("pre", System.StringComparison.Ordinal))
            {
                Send(step, StopWay.Of(service.Definition) with { IsTree = false }, plan);
            }

            return;
        }

        if (service.IsHeld)
        {
            if (service is { IsUp: true, Tag.Phase: Steps.TreePhase })
            {
                // A manager before this one was killed between the two commands, or right behind them.
                plan.Add(StopWay.Of(service.Definition).SignalToTree(service.Name));
                service.Tag = service.Tag with { Phase = "" };
            }

            return;
        }

        if (service.Tag.Phase != Steps.StopPhase)
        {
            plan.Info($"{service.Name}: stopping{Reason(service.StopReason)}");
        }

        service.Tag = service.Tag with { Stopping = service.StopReason };
        if (!Steps.BeginStop(service, state, plan))
        {
            SendOwn(service, plan);
        }
    }

    // What somebody else has started need not have a tree of its own.
    private static void SendOwn(ServiceView service, Plan plan)
    {
        StopWay way = StopWay.Of(service.Definition);
        way = way with { IsTree = way.IsTree && service.IsUp && service.Tag.Run != ManagerTag.Foreign };
        service.Tag = service.Tag with { Phase = way.IsTree ? Steps.TreePhase : service.Tag.Phase };
        Starts.SendTag(service, plan);
        Send(service, way, plan);
        service.Tag = service.Tag with { Phase = way.IsTree ? "" : service.Tag.Phase };
    }

    /// <summary>Sends the commands that stop something.</summary>
    public static void Send(RunView view, StopWay way, Plan plan)
    {
        foreach (DaemonCommand command in way.Commands(view.Name, view.IsUp))
        {
            plan.Add(command);
        }
    }

    private static string Reason(string reason) => reason switch
    {
        StopReasons.Changed => ", its definition has changed",
        StopReasons.Needs => ", one of its needs is going down",
        StopReasons.Timeout => ", it was not ready in time",
        StopReasons.Check => ", its check fails",
        StopReasons.Restart => ", to start it again",
        _ => "",
    };

    // A request stops it, or the file no longer wants it. A service that a user started without the file is left alone.
    private static bool IsUnwanted(ServiceView service) =>
        !service.IsWanted
        && !(Wants.RunsByItself(service.Definition) && service.Wish?.Kind != WishKind.Down)
        && (service.Wish?.Kind == WishKind.Down || service.OldTag is { IsWanted: true });

    private static bool IsChanged(ServiceView service) =>
        service.IsUp && service.Tag.Run is not ("" or ManagerTag.Foreign)
            && service.Tag.Run != service.Node.Settings.Hash;

    private static bool IsLate(ServiceView service, Moment now, Plan plan)
    {
        if (service is { IsUp: true, IsReady: false, IsHeld: false, Definition.ReadyWithin: > 0 and var within })
        {
            Instant limit = service.Info!.Since!.Value + within;
            plan.LookAt(limit);
            return limit <= now.Clock;
        }

        return false;
    }
}
