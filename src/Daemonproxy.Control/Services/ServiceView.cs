using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Control.Services;

/// <summary>
/// A service for people: the facts of the daemon and of the manager, summarized.
/// </summary>
internal sealed class ServiceView
{
    // Somebody has asked the manager to have it down.
    private readonly bool _isStopped;

    public ServiceView(ServiceInfo service, Instant now)
    {
        Service = service;
        Now = now;
        Tag = service.Tags.Count > 0 && Name != ManagerMark.Service ? ManagerTag.Find(service.Tags) : null;
        _isStopped = Tag is { IsWanted: false } tag
            && (tag.Stopping.Length > 0 || Wish.Find(service.Tags) is { Kind: WishKind.Down });
        LastEnd = RunEnd.Of(service, Tag);
        State = FindState();
    }

    /// <summary>The state from the daemon.</summary>
    public ServiceInfo Service { get; }

    /// <summary>The data of the manager; null without one.</summary>
    public ManagerTag? Tag { get; }

    /// <summary>The time of the state.</summary>
    public Instant Now { get; }

    public string Name => Service.Name.Text ?? "";

    /// <summary>
    /// True if it is shown only when it is named: a command that runs for another service, or the mark of a manager
    /// that is not a service of the daemon.
    /// </summary>
    public bool IsAside => Tag is { Of.Length: > 0 } || (Name == ManagerMark.Service && Service.Args.Count == 0);

    public ServiceState State { get; }

    /// <summary>The shown state.</summary>
    public string Word => StateWords.Of(State);

    public Wellness Wellness => State switch
    {
        ServiceState.Failed => Wellness.Bad,
        ServiceState.Starting or ServiceState.Waiting or ServiceState.Stopping => Wellness.NotYet,
        _ => Wellness.Well,
    };

    /// <summary>True if it runs, and is ready if it reports that.</summary>
    public bool Serves => State is ServiceState.Ready or ServiceState.Up or ServiceState.Done;

    /// <summary>Its process while it runs.</summary>
    public int? Pid => Service.Phase == ServicePhase.Up ? Service.Pid : null;

    /// <summary>The end of its last run; null if unknown.</summary>
    public RunEnd? LastEnd { get; }

    /// <summary>The number of restarts by the manager; null without a manager.</summary>
    public long? Restarts => Tag?.Restarts;

    /// <summary>True if it reports readiness, or a check determines it.</summary>
    public bool Tells => Service.Ready is not null || Tag is { IsChecked: true };

    /// <summary>
    /// True if it should run; null if unknown. Without a manager, true if it is always started again.
    /// </summary>
    public bool? IsWanted => Tag is { } tag ? tag.IsWanted
        : Service.StoppedSince is not null ? false
        : Service.AutoUpTriggers.Contains("always") ? true : null;

    /// <summary>The time of its next start, if one is set.</summary>
    public Instant? NextStart => State != ServiceState.Waiting ? null
        : Service.Phase == ServicePhase.Waiting ? Service.Since : Tag?.Next;

    /// <summary>The time at which it entered its state; null if unknown.</summary>
    public Instant? Since => State switch
    {
        ServiceState.Ready => Service.ReadySince ?? Service.Since,
        ServiceState.Stopping => Service.StoppedSince ?? Service.Since,
        ServiceState.Failed when Service.Failure is { } failure => failure.When,
        _ => Service.Phase == ServicePhase.Waiting ? LastEnd?.At : Service.Since,
    };

    /// <summary>The services that it needs, from the manager.</summary>
    public string[] Needs => Tag is { Needs.Length: > 0 } tag ? tag.Needs.Split(',') : [];

    /// <summary>True if it has its own process tree, and processes of its last run are left.</summary>
    public bool HasLeftovers =>
        (Service.Cgroup.Count > 0 || Service.Process.Contains("session")) && Service.EmptySince is null;

    /// <summary>All services in the order of their names.</summary>
    public static List<ServiceView> All(StateSnapshot state, Instant now)
    {
        var views = new List<ServiceView>(state.Services.Count);
        foreach ((ServiceName _, ServiceInfo service) in state.Services)
        {
            views.Add(new ServiceView(service, now));
        }

        return views;
    }

    /// <summary>True if the manager has processed the last end.</summary>
    public bool IsEndCounted => Tag is { Ended.Length: > 0 } tag && tag.Ended == ManagerTag.EndOf(Service);

    // The manager has stopped it since it was not ready in time, or its check failed.
    private bool IsFailing => Tag is { Tries: > 0, Stopping.Length: > 0 };

    private ServiceState FindState() => Service.Phase switch
    {
        ServicePhase.Up => FindRunning(),
        ServicePhase.Waiting => Service.Since > Now || Service.Failure is not null
            ? ServiceState.Waiting
            : ServiceState.Starting,
        _ => FindEnded(),
    };

    private ServiceState FindRunning()
    {
        if (Service.StoppedSince is not null || Tag is { Stopping.Length: > 0 })
        {
            return ServiceState.Stopping;
        }

        return Service.ReadySince is not null || (Tag?.CheckedPid is { } ready && ready == Service.Pid)
            ? ServiceState.Ready
            : Tells ? ServiceState.Starting : ServiceState.Up;
    }

    private ServiceState FindEnded()
    {
        bool isEnded = Service.Phase is ServicePhase.Exited or ServicePhase.Killed;
        if (Service.StoppedSince is not null && isEnded && HasLeftovers)
        {
            return ServiceState.Stopping;
        }

        if (Tag is { HasGivenUp: true })
        {
            return ServiceState.Failed;
        }

        bool isReadyByExit = Service.Ready is { Flags: ReadyWays.Exit };
        if (isReadyByExit && Service.ExitCode == 0 && Service.StoppedSince is null)
        {
            return ServiceState.Done;
        }

        if (Tag is { IsWanted: true } && (Service.StoppedSince is null || Tag.Next is not null || IsFailing))
        {
            // The manager keeps it down until a time, or until its needs are ready; or for good, after an end that it
            // has counted and that no start follows.
            return Tag.Next is not null || !IsEndCounted ? ServiceState.Waiting
                : Tag.Tries > 0 ? ServiceState.Failed
                : ServiceState.Down;
        }

        if (Service.StoppedSince is not null || _isStopped)
        {
            return ServiceState.Down;
        }

        return Service.Failure is not null || (isEnded && Service.ExitCode != 0)
            ? ServiceState.Failed
            : ServiceState.Down;
    }
}
