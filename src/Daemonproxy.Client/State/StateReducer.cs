using System.Collections.Generic;
using System.Collections.Immutable;

namespace Daemonproxy.Client;

/// <summary>
/// The state while it follows the events: what <see cref="StateSnapshot"/> is at one moment. Not for two threads at
/// once.
/// </summary>
internal sealed class StateReducer
{
    private readonly ImmutableSortedDictionary<ServiceName, ServiceInfo>.Builder _services;
    private readonly ImmutableSortedDictionary<FdName, FdStateEvent>.Builder _fds;
    private readonly ImmutableSortedDictionary<Signal, SignalEvent>.Builder _signals;
    private readonly ImmutableSortedDictionary<SocketName, SocketStateEvent>.Builder _sockets;

    // The service that the last event was about, which the next one is mostly about, too; not in its place yet.
    private ServiceInfo? _last;
    private StateSnapshot? _snapshot;

    public StateReducer(StateSnapshot state)
    {
        _services = state.Services.ToBuilder();
        _fds = state.Fds.ToBuilder();
        _signals = state.Signals.ToBuilder();
        _sockets = state.Sockets.ToBuilder();
    }

    /// <summary>The state as it is now; the same one until it changes.</summary>
    public StateSnapshot Snapshot
    {
        get
        {
            if (_snapshot is null)
            {
                PutLast();
                _snapshot = new StateSnapshot(
                    _services.ToImmutable(), _fds.ToImmutable(), _signals.ToImmutable(), _sockets.ToImmutable());
            }

            return _snapshot;
        }
    }

    /// <summary>The service of this name; null if there is none.</summary>
    public ServiceInfo? Find(ServiceName name) =>
        _last?.Name == name ? _last : _services.GetValueOrDefault(name);

    /// <summary>Follows an event.</summary>
    /// <param name="told">The event.</param>
    /// <param name="service">The service that it is about, if it is about one.</param>
    /// <returns>True if the state is another one now.</returns>
    public bool Apply(DaemonEvent told, out ServiceName? service)
    {
        service = null;
        if (told is ServiceStateDeletedEvent deleted)
        {
            service = deleted.Name;
            PutLast();
            _services.Remove(deleted.Name);
        }
        else if (Change(told) is { } changed)
        {
            service = changed.Name;
            _last = changed;
        }
        else if (told is FdStateEvent fd)
        {
            Apply(fd);
        }
        else if (told is SignalEvent signal)
        {
            Apply(signal);
        }
        else if (told is SocketStateEvent socket)
        {
            Apply(socket);
        }
        else
        {
            return false;
        }

        _snapshot = null;
        return true;
    }

    // The service after the event; null if it is about none.
    private ServiceInfo? Change(DaemonEvent told) => told switch
    {
        ServiceStateEvent change => Apply(Get(change.Name), change),
        ServiceArgsEvent args => Get(args.Name) with { Args = args.Args },
        ServiceTagsEvent tags => Get(tags.Name) with { Tags = tags.Tags },
        ServiceFdsEvent fds => Get(fds.Name) with { Fds = fds.Fds },
        ServiceAutoUpEvent autoUp => Apply(Get(autoUp.Name), autoUp),
        ServiceEnvEvent env => Get(env.Name) with { Environment = env.Changes },
        ServiceDirEvent dir => Get(dir.Name) with { Directory = dir.Path },
        ServiceRootEvent root => Get(root.Name) with { Root = root.Path },
        ServiceUserEvent user => Get(user.Name) with { User = user.Names },
        ServiceLimitsEvent limits => Get(limits.Name) with { Limits = limits.Limits },
        ServiceProcessEvent process => Get(process.Name) with { Process = process.Words },
        ServiceMountsEvent mounts => Get(mounts.Name) with { Mounts = mounts.Words },
        ServiceArgsFromEvent args => Get(args.Name) with { ArgsFrom = args.Fd },
        ServiceEnvFromEvent env => Get(env.Name) with { EnvironmentFrom = env.Fd },
        ServiceCgroupEvent cgroup => Get(cgroup.Name) with { Cgroup = cgroup.Words },
        ServiceListenEvent listen => Get(listen.Name) with { Listens = listen is ServiceListenOnEvent },
        ServiceReadyEvent ready => Apply(Get(ready.Name), ready),
        ServiceIsReadyEvent isReady =>
            Get(isReady.Name) with { ReadySince = (isReady as ServiceIsReadyReadyEvent)?.When },
        ServiceStatusEvent status => Get(status.Name) with { Status = status.Text },
        ServiceStopEvent stop => Apply(Get(stop.Name), stop),
        ServiceEmptyEvent empty => Get(empty.Name) with { EmptySince = empty.When },
        ServiceFailedEvent failed => Get(failed.Name) with { Failure = failed },
        _ => null,
    };

    private ServiceInfo Get(ServiceName name)
    {
        if (_last is { } last)
        {
            if (last.Name == name)
            {
                return last;
            }

            PutLast();
        }

        return _services.GetValueOrDefault(name) ?? new ServiceInfo(name);
    }

    private void PutLast()
    {
        if (_last is not null)
        {
            _services[_last.Name] = _last;
            _last = null;
        }
    }

    private static ServiceInfo Apply(ServiceInfo service, ServiceReadyEvent ready) => ready switch
    {
        ServiceReadyStoreEvent store => service with { Ready = store.Way, Store = store.Option.Store ?? 0 },
        ServiceReadyStoreOnlyEvent store => service with { Ready = null, Store = store.Option.Store ?? 0 },
        ServiceReadyOnEvent on => service with { Ready = on.Way, Store = 0 },
        _ => service with { Ready = null, Store = 0 },
    };

    private static ServiceInfo Apply(ServiceInfo service, ServiceStateEvent change) => change switch
    {
        ServiceStateWaitingEvent waiting => service with
        {
            Phase = ServicePhase.Waiting,
            Since = waiting.Since,
            Pid = null,
            ExitCode = null,
            KilledBy = null,
            Ran = null,
            ReadySince = null,
            Status = "",
        },
        ServiceStateUpEvent up => service with
        {
            Phase = ServicePhase.Up,
            Since = up.Since,
            Pid = up.Pid,
            ExitCode = null,
            KilledBy = null,
            Ran = null,
            ReadySince = null,
            Failure = null,
            EmptySince = null,
        },
        ServiceStateExitedEvent exited => service with
        {
            Phase = ServicePhase.Exited,
            Since = exited.Since,
            Pid = exited.Pid,
            ExitCode = exited.Value,
            KilledBy = null,
            Ran = exited.Uptime,
            ReadySince = null,
        },
        ServiceStateKilledEvent killed => service with
        {
            Phase = ServicePhase.Killed,
            Since = killed.Since,
            Pid = killed.Pid,
            ExitCode = null,
            KilledBy = killed.Value,
            Ran = killed.Uptime,
            ReadySince = null,
        },
        _ => service with
        {
            Phase = ServicePhase.Never,
            Since = null,
            Pid = null,
            ExitCode = null,
            KilledBy = null,
            Ran = null,
            ReadySince = null,
        },
    };

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

    private void Apply(SignalEvent signal)
    {
        if (signal.Count > 0)
        {
            _signals[signal.Signal] = signal;
        }
        else
        {
            _signals.Remove(signal.Signal);
        }
    }

    private void Apply(SocketStateEvent socket)
    {
        SocketName name = socket.Name.GetValueOrDefault();
        if (socket is SocketStateDeletedEvent)
        {
            _sockets.Remove(name);
        }
        else
        {
            _sockets[name] = socket;
        }
    }

    // What a name was given to before is closed. Nothing is told of the other end of a pipe that it was an end of.
    private void Apply(FdStateEvent told)
    {
        if (_fds.TryGetValue(told.Name, out FdStateEvent? before) && before != told
            && PeerOf(before) is { } peer && _fds.TryGetValue(peer, out FdStateEvent? end) && PeerOf(end) == told.Name)
        {
            _fds[peer] = WithoutPeer(end);
        }

        if (told is FdStateDeletedEvent)
        {
            _fds.Remove(told.Name);
        }
        else
        {
            _fds[told.Name] = told;
        }
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
