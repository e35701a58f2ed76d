using System;
using System.Collections.Immutable;

namespace Daemonproxy.Client;

/// <summary>The state after an event, from the state before.</summary>
internal static class StateReducer
{
    public static StateSnapshot Apply(StateSnapshot state, DaemonEvent told) => told switch
    {
        ServiceStateDeletedEvent deleted => state with { Services = state.Services.Remove(deleted.Name) },
        ServiceStateEvent change => With(state, change.Name, service => Apply(service, change)),
        ServiceArgsEvent args => With(state, args.Name, service => service with { Args = args.Args }),
        ServiceTagsEvent tags => With(state, tags.Name, service => service with { Tags = tags.Tags }),
        ServiceFdsEvent fds => With(state, fds.Name, service => service with { Fds = fds.Fds }),
        ServiceEnvEvent env => With(state, env.Name, service => service with { Environment = env.Changes }),
        ServiceDirEvent dir => With(state, dir.Name, service => service with { Directory = dir.Path }),
        ServiceRootEvent root => With(state, root.Name, service => service with { Root = root.Path }),
        ServiceUserEvent user => With(state, user.Name, service => service with { User = user.Names }),
        ServiceLimitsEvent limits => With(state, limits.Name, service => service with { Limits = limits.Limits }),
        ServiceProcessEvent process => With(state, process.Name, service => service with { Process = process.Words }),
        ServiceMountsEvent mounts => With(state, mounts.Name, service => service with { Mounts = mounts.Words }),
        ServiceArgsFromEvent args => With(state, args.Name, service => service with { ArgsFrom = args.Fd }),
        ServiceEnvFromEvent env => With(state, env.Name, service => service with { EnvironmentFrom = env.Fd }),
        ServiceCgroupEvent cgroup => With(state, cgroup.Name, service => service with { Cgroup = cgroup.Words }),
        ServiceListenEvent listen =>
            With(state, listen.Name, service => service with { Listens = listen is ServiceListenOnEvent }),
        ServiceReadyEvent ready => With(state, ready.Name, service => Apply(service, ready)),
        ServiceIsReadyEvent isReady => With(
            state,
            isReady.Name,
            service => service with { ReadySince = (isReady as ServiceIsReadyReadyEvent)?.When }),
        ServiceStatusEvent status => With(state, status.Name, service => service with { Status = status.Text }),
        ServiceStopEvent stop => With(state, stop.Name, service => Apply(service, stop)),
        ServiceEmptyEvent empty => With(state, empty.Name, service => service with { EmptySince = empty.When }),
        ServiceFailedEvent failed => With(state, failed.Name, service => service with { Failure = failed }),
        ServiceAutoUpEvent autoUp => With(state, autoUp.Name, service => Apply(service, autoUp)),
        FdStateEvent fd => state with { Fds = Apply(state.Fds, fd) },
        SignalEvent { Count: > 0 } signal =>
            state with { Signals = state.Signals.SetItem(signal.Signal, signal) },
        SignalEvent signal => state with { Signals = state.Signals.Remove(signal.Signal) },
        _ => state,
    };

    private static StateSnapshot With(StateSnapshot state, ServiceName name, Func<ServiceInfo, ServiceInfo> change)
    {
        ServiceInfo before = state.Services.GetValueOrDefault(name) ?? new ServiceInfo(name);
        return state with { Services = state.Services.SetItem(name, change(before)) };
    }

    private static ServiceInfo Apply(ServiceInfo service, ServiceReadyEvent ready) => ready switch
    {
        ServiceReadyStoreEvent store => service with { Ready = store.Way, Store = store.Option.Store ?? 0 },
        ServiceReadyStoreOnlyEvent store => service with { Ready = null, Store = store.Option.Store ?? 0 },
        ServiceReadyOnEvent on => service with { Ready = on.Way, Store = 0 },
        _ => service with { Ready = null, Store = 0 },
    };

    private static ServiceInfo Apply(ServiceInfo service, ServiceStateEvent change)
    {
        ServiceInfo blank = service with
        {
            Since = null,
            Pid = null,
            ExitCode = null,
            KilledBy = null,
            Ran = null,
            ReadySince = null,
        };
        return change switch
        {
            ServiceStateWaitingEvent waiting => blank with
            {
                Phase = ServicePhase.Waiting,
                Since = waiting.Since,
                Status = "",
            },
            ServiceStateUpEvent up => blank with
            {
                Phase = ServicePhase.Up,
                Since = up.Since,
                Pid = up.Pid,
                Failure = null,
                EmptySince = null,
            },
            ServiceStateExitedEvent exited => blank with
            {
                Phase = ServicePhase.Exited,
                Since = exited.Since,
                Pid = exited.Pid,
                ExitCode = exited.Value,
                Ran = exited.Uptime,
            },
            ServiceStateKilledEvent killed => blank with
            {
                Phase = ServicePhase.Killed,
                Since = killed.Since,
                Pid = killed.Pid,
                KilledBy = killed.Value,
                Ran = killed.Uptime,
            },
            _ => blank with { Phase = ServicePhase.Never },
        };
    }

    private static ServiceInfo Apply(ServiceInfo service, ServiceStopEvent change) => change switch
    {
        ServiceStopKillEvent kill => service with { StoppedSince = kill.Since, KillAt = kill.Kill },
        ServiceStopHeldEvent held => service with { StoppedSince = held.Since, KillAt = null },
        _ => service with { StoppedSince = null, KillAt = null },
    };

    private static ServiceInfo Apply(ServiceInfo service, ServiceAutoUpEvent change) => change switch
    {
        ServiceAutoUpOnEvent on => service with { AutoUpInterval = on.Interval, AutoUpTriggers = on.Triggers },
        _ => service with { AutoUpInterval = null, AutoUpTriggers = default },
    };

    // What a name was given to before is closed. Nothing is told of the other end of a pipe that it was an end of.
    private static ImmutableSortedDictionary<FdName, FdStateEvent> Apply(
        ImmutableSortedDictionary<FdName, FdStateEvent> fds, FdStateEvent told)
    {
        if (fds.TryGetValue(told.Name, out FdStateEvent? before) && before != told
            && PeerOf(before) is { } peer && fds.TryGetValue(peer, out FdStateEvent? end) && PeerOf(end) == told.Name)
        {
            fds = fds.SetItem(peer, WithoutPeer(end));
        }

        return told is FdStateDeletedEvent ? fds.Remove(told.Name) : fds.SetItem(told.Name, told);
    }

    private static FdName? PeerOf(FdStateEvent fd) => fd switch
    {
        FdStateReaderEvent reader => reader.Text,
        FdStateWriterEvent writer => writer.Text,
        FdStatePairEvent pair => pair.Text,
        _ => null,
    };

    private static FdStateEvent WithoutPeer(FdStateEvent fd) => fd switch
    {
        FdStateReaderEvent reader => reader with { Text = null },
        FdStateWriterEvent writer => writer with { Text = null },
        FdStatePairEvent pair => pair with { Text = null },
        _ => fd,
    };
}
