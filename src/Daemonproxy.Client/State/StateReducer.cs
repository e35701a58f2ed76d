using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Daemonproxy.Client;

/// <summary>
/// The state while it follows the events; it makes the <see cref="StateSnapshot"/>s. Not thread-safe. A service is
/// looked up by its hash, and is put into its place in name order only when somebody looks.
/// </summary>
internal sealed class StateReducer
{
    // Deleted services that are kept until somebody looks.
    private const int MostDeleted = 64;

    private readonly ImmutableSortedDictionary<ServiceName, ServiceInfo>.Builder _services;
    private readonly ImmutableSortedDictionary<FdName, FdStateEvent>.Builder _fds;
    private readonly ImmutableSortedDictionary<Signal, SignalEvent>.Builder _signals;
    private readonly ImmutableSortedDictionary<SocketName, SocketStateEvent>.Builder _sockets;
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    // Services that are not in the ordered collection as they are now; some were deleted since.
    private readonly List<Place> _changed = [];

    // The service of the last event, to which the next event usually belongs.
    private Place? _last;

    // The number of times that somebody looked.
    private long _looks;
    private StateSnapshot? _snapshot;

    public StateReducer(StateSnapshot state)
    {
        _services = state.Services.ToBuilder();
        _fds = state.Fds.ToBuilder();
        _signals = state.Signals.ToBuilder();
        _sockets = state.Sockets.ToBuilder();
        foreach (ServiceInfo service in state.Services.Values)
        {
            _places.Add(service.Name.ToString(), new Place(service));
        }
    }

    /// <summary>The current state; the same object until it changes.</summary>
    public StateSnapshot Snapshot
    {
        get
        {
            if (_snapshot is null)
            {
                PutChanged();
                _snapshot = new StateSnapshot(
                    _services.ToImmutable(), _fds.ToImmutable(), _signals.ToImmutable(), _sockets.ToImmutable());
            }

            return _snapshot;
        }
    }

    /// <summary>The service of this name; null if there is none.</summary>
    public ServiceInfo? Find(ServiceName name)
    {
        _looks++;
        return _places.GetValueOrDefault(name.ToString())?.Service;
    }

    /// <summary>Follows an event.</summary>
    /// <param name="received">The event.</param>
    /// <param name="service">The service that it is about, if it is about one.</param>
    /// <returns>True if the state has changed.</returns>
    public bool Apply(DaemonEvent received, out ServiceName? service)
    {
        service = null;
        if (received is ServiceStateDeletedEvent deleted)
        {
            service = deleted.Name;
            Delete(deleted.Name);
        }
        else if (TryChange(received))
        {
            service = _last!.Service.Name;
        }
        else if (received is FdStateEvent fd)
        {
            Apply(fd);
        }
        else if (received is SignalEvent signal)
        {
            Apply(signal);
        }
        else if (received is SocketStateEvent socket)
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

    // Returns whether the event is about a service; then that service becomes the last one, and is changed.
    private bool TryChange(DaemonEvent received)
    {
        switch (received)
        {
            case ServiceTagsEvent tags:
                Change(tags.Name).Tags = tags.Tags;
                return true;
            case ServiceStateEvent change:
                Apply(ref Change(change.Name), change);
                return true;
            case ServiceAutoUpEvent autoUp:
                Apply(ref Change(autoUp.Name), autoUp);
                return true;
            case ServiceReadyEvent ready:
                Apply(ref Change(ready.Name), ready);
                return true;
            case ServiceStopEvent stop:
                Apply(ref Change(stop.Name), stop);
                return true;
            default:
                return TryChangeOne(received);
        }
    }

    // Events that have one fact each.
    private bool TryChangeOne(DaemonEvent received)
    {
        switch (received)
        {
            case ServiceArgsEvent args:
                Change(args.Name).Args = args.Args;
                return true;
            case ServiceFdsEvent fds:
                Change(fds.Name).Fds = fds.Fds;
                return true;
            case ServiceEnvEvent env:
                Change(env.Name).Environment = env.Changes;
                return true;
            case ServiceDirEvent dir:
                Change(dir.Name).Directory = dir.Path;
                return true;
            case ServiceRootEvent root:
                Change(root.Name).Root = root.Path;
                return true;
            case ServiceUserEvent user:
                Change(user.Name).User = user.Names;
                return true;
            case ServiceLimitsEvent limits:
                Change(limits.Name).Limits = limits.Limits;
                return true;
            case ServiceProcessEvent process:
                Change(process.Name).Process = process.Words;
                return true;
            case ServiceMountsEvent mounts:
                Change(mounts.Name).Mounts = mounts.Words;
                return true;
            case ServiceArgsFromEvent args:
                Change(args.Name).ArgsFrom = args.Fd;
                return true;
            case ServiceEnvFromEvent env:
                Change(env.Name).EnvironmentFrom = env.Fd;
                return true;
            case ServiceCgroupEvent cgroup:
                Change(cgroup.Name).Cgroup = cgroup.Words;
                return true;
            case ServiceListenEvent listen:
                Change(listen.Name).Listens = listen is ServiceListenOnEvent;
                return true;
            case ServiceIsReadyEvent isReady:
                Change(isReady.Name).ReadySince = (isReady as ServiceIsReadyReadyEvent)?.When;
                return true;
            case ServiceStatusEvent status:
                Change(status.Name).Status = status.Text;
                return true;
            case ServiceEmptyEvent empty:
                Change(empty.Name).EmptySince = empty.When;
                return true;
            case ServiceFailedEvent failed:
                Change(failed.Name).Failure = failed;
                return true;
            default:
                return false;
        }
    }

    // Sets the properties of a service from an event, on an object that no other code has.
    private ref ServiceFacts Change(ServiceName name)
    {
        if (_last is not { } place || place.Service.Name != name)
        {
            place = _last = PlaceOf(name);
        }

        if (place.MadeAt != _looks)
        {
            place.Service = place.Service with { };
            place.MadeAt = _looks;
        }

        if (!place.IsChanged)
        {
            place.IsChanged = true;
            _changed.Add(place);
        }

        return ref place.Service.Facts;
    }

    private Place PlaceOf(ServiceName name)
    {
        ref Place? place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, name.ToString(), out _);
        return place ??= new Place(new ServiceInfo(name)) { MadeAt = _looks };
    }

    private void Delete(ServiceName name)
    {
        if (_places.Remove(name.ToString(), out Place? place))
        {
            place.IsDeleted = true;
        }

        // Jobs are made and deleted for years, and perhaps nobody looks.
        if (_changed.Count > MostDeleted + (2 * _places.Count))
        {
            _changed.RemoveAll(changed => changed.IsDeleted);
        }

        _last = null;
        _services.Remove(name);
    }

    private void PutChanged()
    {
        _looks++;
        foreach (Place place in _changed)
        {
            place.IsChanged = false;
            if (!place.IsDeleted)
            {
                _services[place.Service.Name] = place.Service;
            }
        }

        _changed.Clear();
    }

    private static void Apply(ref ServiceFacts facts, ServiceReadyEvent ready)
    {
        facts.Ready = ready switch
        {
            ServiceReadyStoreEvent store => store.Way,
            ServiceReadyOnEvent on => on.Way,
            _ => null,
        };
        facts.Store = ready switch
        {
            ServiceReadyStoreEvent store => store.Option.Store ?? 0,
            ServiceReadyStoreOnlyEvent store => store.Option.Store ?? 0,
            _ => 0,
        };
    }

    private static void Apply(ref ServiceFacts facts, ServiceStateEvent change)
    {
        (facts.Pid, facts.ExitCode, facts.KilledBy, facts.Ran, facts.ReadySince) = (null, null, null, null, null);
        switch (change)
        {
            case ServiceStateWaitingEvent waiting:
                (facts.Phase, facts.Since, facts.Status) = (ServicePhase.Waiting, waiting.Since, "");
                break;
            case ServiceStateUpEvent up:
                (facts.Phase, facts.Since, facts.Pid) = (ServicePhase.Up, up.Since, up.Pid);
                (facts.Failure, facts.EmptySince) = (null, null);
                break;
            case ServiceStateExitedEvent exited:
                (facts.Phase, facts.Since, facts.Pid) = (ServicePhase.Exited, exited.Since, exited.Pid);
                (facts.ExitCode, facts.Ran) = (exited.Value, exited.Uptime);
                break;
            case ServiceStateKilledEvent killed:
                (facts.Phase, facts.Since, facts.Pid) = (ServicePhase.Killed, killed.Since, killed.Pid);
                (facts.KilledBy, facts.Ran) = (killed.Value, killed.Uptime);
                break;
            default:
                (facts.Phase, facts.Since) = (ServicePhase.Never, null);
                break;
        }
    }

    private static void Apply(ref ServiceFacts facts, ServiceStopEvent change)
    {
        facts.StoppedSince = change switch
        {
            ServiceStopKillEvent kill => kill.Since,
            ServiceStopHeldEvent held => held.Since,
            _ => null,
        };
        facts.KillAt = (change as ServiceStopKillEvent)?.Kill;
    }

    private static void Apply(ref ServiceFacts facts, ServiceAutoUpEvent change)
    {
        var on = change as ServiceAutoUpOnEvent;
        facts.AutoUpInterval = on?.Interval;
        facts.AutoUpTriggers = on?.Triggers ?? default;
    }

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

    // The previous descriptor of the name is closed. The daemon does not announce a change of the other end of its
    // pipe.
    private void Apply(FdStateEvent received)
    {
        if (_fds.TryGetValue(received.Name, out FdStateEvent? before) && before != received
            && PeerOf(before) is { } peer && _fds.TryGetValue(peer, out FdStateEvent? end)
            && PeerOf(end) == received.Name)
        {
            _fds[peer] = WithoutPeer(end);
        }

        if (received is FdStateDeletedEvent)
        {
            _fds.Remove(received.Name);
        }
        else
        {
            _fds[received.Name] = received;
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

    /// <summary>Where a service is kept.</summary>
    private sealed class Place(ServiceInfo service)
    {
        public ServiceInfo Service { get; set; } = service;

        /// <summary>Since which look nobody else has the object of the service.</summary>
        public long MadeAt { get; set; } = -1;

        public bool IsChanged { get; set; }

        public bool IsDeleted { get; set; }
    }
}
