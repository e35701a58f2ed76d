using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Manager.Planning;

/// <summary>Decides which services start now.</summary>
internal static class Starts
{
    /// <summary>
    /// Decides whether others should wait for a service: not if it is ready, has failed before, need not start, or
    /// cannot start because one of its needs will not become ready.
    /// </summary>
    public static void Settle(ServiceView service, ImmutableArray<ServiceView> services) =>
        service.IsSettled = service.IsReady
            || service.Tag.HasGivenUp
            || service.IsRefused
            || !service.MayRun
            || (!service.IsBusy
                && (service.Tag.Next is null
                    || service.Tag.Tries > 0
                    || !service.IsWanted
                    || service.Node.Needs.Any(needed => services[needed] is { IsReady: false, IsSettled: true })));

    /// <summary>Starts a wanted service, once its needs are ready and its time has come.</summary>
    /// <param name="service">The service; it has no reason to stop.</param>
    /// <param name="services">All services.</param>
    /// <param name="state">The daemon's state.</param>
    /// <param name="now">When it is.</param>
    /// <param name="plan">The plan; it gets the commands.</param>
    public static void Start(
        ServiceView service, ImmutableArray<ServiceView> services, StateSnapshot state, Moment now, Plan plan)
    {
        service.CanStart = service.MayRun
            && service.Node.Needs.All(needed => services[needed] is { IsReady: true, StopReason: "" });
        Summarize(service);
        if (service is { HasNewWish: true, IsHeld: false, IsActive: false, Definition.StartsOnDemand: true }
            && service.Wish!.Kind == WishKind.Down)
        {
            // Its clients must not start it, either.
            service.Tag = service.Tag with { Stopping = StopReasons.Wish };
            service.IsHeldByPlan = true;
            plan.Add("service.stop", service.Name);
        }

        TakeWish(service, now);
        if (service.IsActive)
        {
            Adopt(service);
            Arm(service, plan);
            Settle(service, services);
            return;
        }

        Decide(service, now);
        if (service.IsBusy || service.IsRefused)
        {
            Arm(service, plan);
            Settle(service, services);
            return;
        }

        Define(service, state, plan);
        Arm(service, plan);
        if (!service.MayRun || (service.Definition.StartsOnDemand && !service.IsWanted))
        {
            Settle(service, services);
            return;
        }

        Settle(service, services);
        if (service.Tag.Next is not { } next || service.Tag.HasGivenUp || service.Step is not null)
        {
            return;
        }

        if (next > now.Clock)
        {
            plan.LookAt(next);
        }
        else if (service.CanStart
            && service.Node.After.All(before => services[before].IsSettled))
        {
            MakeDescriptors(service.Name, service.Node.Settings, state, isChanged: false, plan);
            if (!Steps.BeginPre(service, state, plan))
            {
                Send(service, plan);
            }
        }
    }

    /// <summary>Starts the process by the daemon; all commands before it are done.</summary>
    public static void Send(ServiceView service, Plan plan)
    {
        service.Tag = service.Tag with { Phase = "", Stopping = "" };
        SendTag(service, plan);
        plan.Add("service.start", service.Name);
        plan.Debug(service.Definition.Needs.IsEmpty
            ? $"{service.Name}: starting"
            : $"{service.Name}: starting, {string.Join(", ", service.Definition.Needs)} ready");
    }

    /// <summary>Sends the settings of a service that does not run, if they differ from its current ones.</summary>
    public static void Define(ServiceView service, StateSnapshot state, Plan plan)
    {
        if (service.Tag.Run != service.Node.Settings.Hash)
        {
            // Partly sent settings must not look like the previous definition.
            DeleteDescriptors(service, service.Graph.Fds, state, plan);
            service.Tag = service.Tag with { Run = "", Fds = service.Node.Fds };
            Claim(service, plan);
            SendTag(service, plan);
            MakeDescriptors(service.Name, service.Node.Settings, state, isChanged: true, plan);
            foreach (DaemonCommand command in service.Node.Settings.Commands)
            {
                plan.Add(command == service.Node.Settings.Arm ? ServiceSettings.Disarm(service.Name) : command);
            }

            service.Tag = service.Tag with { Run = service.Node.Settings.Hash };
        }
    }

    /// <summary>
    /// Lets the clients of a service start it while its needs are ready. After a stop it is held down until its
    /// triggers are set again. The daemon starts it, also while no manager runs.
    /// </summary>
    public static void Arm(ServiceView service, Plan plan)
    {
        DaemonCommand? arm = service.Node.Settings.Arm;
        bool isDefined = service.Tag.Run == service.Node.Settings.Hash;
        bool isArmed = service.OldTag?.Run == service.Tag.Run && service.Info?.AutoUpTriggers.Count > 0
            && service.Tag.Run != ManagerTag.Foreign;
        bool isHeldByUs = service is { IsActive: false, IsHeld: true } && service.Tag.Stopping.Length > 0;
        if (arm is null || !service.CanStart)
        {
            // Triggers of a previous definition are treated like its own.
            if (isArmed && (arm is not null || !isDefined) && !service.IsHeld && !service.IsHeldByPlan)
            {
                plan.Add(ServiceSettings.Disarm(service.Name));
            }
        }
        else if (isDefined && (!isArmed || isHeldByUs) && (service.IsActive || !service.IsWanted))
        {
            service.Tag = service.IsActive ? service.Tag : service.Tag with { Stopping = "" };
            SendTag(service, plan);
            plan.Add(arm);
        }
    }

    /// <summary>Makes missing descriptors, and those that may have changed.</summary>
    public static void MakeDescriptors(
        string service, ServiceSettings settings, StateSnapshot state, bool isChanged, Plan plan)
    {
        foreach (DaemonCommand command in settings.Descriptors)
        {
            bool isThere = state.Fds.ContainsKey(new FdName(command.Fields[0]));
            if ((!isThere || (isChanged && command.Name != "fd.pipe")) && !plan.Commands.Contains(command))
            {
                plan.AddDescriptor(command, service);
            }
        }
    }

    /// <summary>
    /// Deletes the descriptors of a service that no service uses any more, so that no client connects to an unserved
    /// socket.
    /// </summary>
    public static void DeleteDescriptors(RunView service, HashSet<string> used, StateSnapshot state, Plan plan)
    {
        foreach (string name in service.Tag.Fds.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!used.Contains(name) && FdName.TryParse(name, out FdName fd) && state.Fds.ContainsKey(fd))
            {
                plan.AddDescriptor(new DaemonCommand("fd.delete", name), service.Name);
            }
        }
    }

    /// <summary>Sends the tag, if it has changed.</summary>
    public static void SendTag(RunView service, Plan plan)
    {
        if (service.Tag != service.Sent)
        {
            service.Sent = service.Tag;
            plan.Add("service.tag", service.Name, ManagerTag.Key, service.Tag.ToString());
        }
    }

    /// <summary>
    /// Makes a service by its tag, so that its owner is recorded before anything else.
    /// </summary>
    public static void Claim(RunView service, Plan plan)
    {
        if (service.Info is null && service.Sent is null)
        {
            service.Sent = new ManagerTag();
            plan.Add("service.tag", service.Name, ManagerTag.Key, service.Sent.ToString());
        }
    }

    // Its data for others; usually unchanged.
    private static void Summarize(ServiceView service)
    {
        ManagerTag facts = service.Node.DefinedTag;
        ManagerTag tag = service.Tag;
        if (tag.IsWanted != service.IsWanted
            || tag.LogFile != facts.LogFile
            || tag.Needs != facts.Needs
            || tag.Restart != facts.Restart
            || tag.ReadyWithin != facts.ReadyWithin
            || tag.Stop != facts.Stop
            || tag.Reload != facts.Reload
            || tag.IsChecked != facts.IsChecked)
        {
            service.Tag = tag with
            {
                IsWanted = service.IsWanted,
                LogFile = facts.LogFile,
                Needs = facts.Needs,
                Restart = facts.Restart,
                ReadyWithin = facts.ReadyWithin,
                Stop = facts.Stop,
                Reload = facts.Reload,
                IsChecked = facts.IsChecked,
            };
        }
    }

    // A running service that no manager started is left alone, and gets its settings at its next start.
    private static void Adopt(ServiceView service)
    {
        if (service.Tag.Run.Length == 0)
        {
            service.Tag = service.Tag with { Run = ManagerTag.Foreign };
        }
    }

    // A request to run is carried out by deciding the start time; a service that is up needs no action.
    private static void TakeWish(ServiceView service, Moment now)
    {
        if (!service.HasNewWish || (service.Wish!.Kind == WishKind.Restart && service.IsActive))
        {
            return;
        }

        // A request to stop is overridden by a newer request that needs the service.
        Instant? next = service.Wish.Kind == WishKind.Down && !service.IsWanted ? null
            : service.IsActive ? service.Tag.Next
            : now.Clock;
        service.Tag = service.Tag with
        {
            Done = service.Wish.Number,
            Tries = 0,
            TryingSince = null,
            HasGivenUp = false,
            Next = next,
        };
    }

    // True if it may start: the first time, and after every stop by the manager.
    private static void Decide(ServiceView service, Moment now)
    {
        bool isFirst = service.Info is null or { Phase: ServicePhase.Never } && !service.Definition.IsScheduled;
        bool wasStopped = (service.IsHeld || service.Tag.Stopping.Length > 0)
            && !StopReasons.IsFailure(service.Tag.Stopping);
        if (service.MayRun
            && service.IsWanted
            && service.Tag is { Next: null, HasGivenUp: false }
            && (isFirst || wasStopped || service.OldTag is { IsWanted: false }))
        {
            service.Tag = service.Tag with { Next = now.Clock };
        }
    }
}
