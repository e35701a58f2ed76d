using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Control.Services;

/// <summary>
/// A service as people see it: the facts of the daemon and those of the manager, in one word and a few more.
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

    /// <summary>What the daemon says.</summary>
    public ServiceInfo Service { get; }

    /// <summary>What the manager remembers; null without one.</summary>
    public ManagerTag? Tag { get; }

    /// <summary>When it was looked at.</summary>
    public Instant Now { get; }

    public string Name => Service.Name.Text ?? "";

    /// <summary>
    /// Whether it is shown only to those who name it: a command that runs for another service, or the mark of a manager
    /// that is no service of the daemon.
    /// </summary>
    public bool IsAside => Tag is { Of.Length: > 0 } || (Name == ManagerMark.Service && Service.Args.Count == 0);

    public ServiceState State { get; }

    /// <summary>The state in the word that is shown.</summary>
    public string Word => StateWords.Of(State);

    public Wellness Wellness => State switch
    {
        ServiceState.Failed => Wellness.Bad,
        ServiceState.Starting or ServiceState.Waiting or ServiceState.Stopping => Wellness.NotYet,
        _ => Wellness.Well,
    };

    /// <summary>Whether it runs, and is as ready as it tells: what somebody who names it asks for.</summary>
    public bool Serves => State is ServiceState.Ready or ServiceState.Up or ServiceState.Done;

    /// <summary>Its process while it runs.</summary>
    public int? Pid => Service.Phase == ServicePhase.Up ? Service.Pid : null;

    /// <summary>How its last run ended; null if that is not known.</summary>
    public RunEnd? LastEnd { get; }

    /// <summary>How often the manager has started it again; null without a manager.</summary>
    public long? Restarts => Tag?.Restarts;

    /// <summary>Whether it tells when it is ready, or a check does.</summary>
    public bool Tells => Service.Ready is not null || Tag is { IsChecked: true };

    /// <summary>
    /// Whether it should run; null if nobody has said so. Without a manager that is whether it is always started again.
    /// </summary>
    public bool? IsWanted => Tag is { } tag ? tag.IsWanted
        : Service.StoppedSince is not null ? false
        : Service.AutoUpTriggers.Contains("always") ? true : null;

    /// <summary>When it is started next, if a time was set for that.</summary>
    public Instant? NextStart => State != ServiceState.Waiting ? null
        : Service.Phase == ServicePhase.Waiting ? Service.Since : Tag?.Next;

    /// <summary>Since when it is in its state; null if that is not known.</summary>
    public Instant? Since => State switch
    {
        ServiceState.Ready => Service.ReadySince ?? Service.Since,
        ServiceState.Stopping => Service.StoppedSince ?? Service.Since,
        ServiceState.Failed when Service.Failure is { } failure => failure.When,
        _ => Service.Phase == ServicePhase.Waiting ? LastEnd?.At : Service.Since,
    };

    /// <summary>The services that it needs, by the manager.</summary>
    public string[] Needs => Tag is { Needs.Length: > 0 } tag ? tag.Needs.Split(',') : [];

    /// <summary>Whether it has a tree of its own, and something of that is left after its last run.</summary>
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

    /// <summary>Whether the manager has looked at the last end.</summary>
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
            // The manager has it down for a while, until a time has come or what it needs is ready; or for good, after
            // an end that it has counted and that no start follows.
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
