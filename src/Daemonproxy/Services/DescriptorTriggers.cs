using System;
using Daemonproxy.Collections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>
/// The triggers <c>fd:NAME</c>: a service is started while a descriptor has input. Those of
/// services that are down are watched, each descriptor once for all services that wait for it. Everything here is
/// computed from the image.
/// </summary>
/// <remarks>
/// Watches are edge-triggered: a descriptor that has only hung up is reported once. poll(2) is asked for input when a
/// service goes down, at the deadline of its start, and after a report.
/// </remarks>
internal sealed class DescriptorTriggers : IFdTableObserver
{
    // One wait reports no more: see EventLoop.
    private const int MostReady = 64;

    private readonly SystemCalls _kernel;
    private readonly ServiceTable _services;
    private readonly FdTable _fds;
    private readonly IAnnouncer _announcer;
    private readonly Log _log;

    // Whether a service names descriptors, and waits for them; what waits for a descriptor.
    private readonly FixedArray<byte> _naming;
    private readonly FixedArray<FdWaiters> _watches;
    private readonly int[] _ready = new int[MostReady];
    private int _readyCount;
    private int _named;
    private int _waiting;

    // Descriptors that epoll has no room for are looked at once a second.
    private bool _isShort;
    private Instant _nextLook = Instant.Never;

    public DescriptorTriggers(
        SystemCalls kernel, ServiceTable services, FdTable fds, IAnnouncer announcer, Log log)
    {
        _kernel = kernel;
        _services = services;
        _fds = fds;
        _announcer = announcer;
        _log = log;
        _naming = new FixedArray<byte>(kernel, services.Capacity);
        _watches = new FixedArray<FdWaiters>(kernel, fds.Capacity);
        fds.Connect(this);
    }

    // Whether a service names descriptors in its triggers, and waits for one of them.
    private static class FdTriggerState
    {
        public const byte None = 0;
        public const byte Names = 1;
        public const byte Waits = 2;
    }

    // Returns whether the kernel can report input of a descriptor, and whether it does now.
    private enum WatchState : byte
    {
        Unknown,
        Pollable,
        NotPollable,
        Watched,
    }

    /// <summary>Notified of each descriptor that a service begins to wait for; set once, with the daemon.</summary>
    public IListenerKeeper? Keeper { get; set; }

    /// <summary>When descriptors that are not watched are to be looked at; never when all are.</summary>
    public Instant NextLook => _nextLook;

    /// <summary>True if descriptors were reported, or are to be looked at.</summary>
    public bool HasWork(Instant now) => _readyCount > 0 || _nextLook <= now;

    /// <summary>
    /// True if the kernel can tell of the input of a descriptor: false for regular files, and for what stands for a
    /// connection or may stop answering.
    /// </summary>
    public bool CanPoll(FdIndex fd)
    {
        ref WatchState state = ref _watches[fd.Value].State;
        if (state == WatchState.Unknown)
        {
            ref readonly FdRecord record = ref _fds[fd];
            bool canAsk = !record.Number.IsNone && (record.Blocking is FdBlocking.None or FdBlocking.Close
                || record.Identity.Kind is FdKind.Pipe or FdKind.Socket);
            Errno refused = canAsk ? SetWatch(fd) : Errno.EPERM;
            if (refused == Errno.None)
            {
                _kernel.RemovePollInterest(record.Number);
            }

            state = refused == Errno.EPERM ? WatchState.NotPollable : WatchState.Pollable;
        }

        return state != WatchState.NotPollable;
    }

    /// <summary>True if there is something to read from a descriptor that starts this service.</summary>
    public bool HasInput(ServiceIndex service)
    {
        FieldReader triggers = new(_services.Triggers(service));
        while (triggers.TryNext(out ReadOnlySpan<byte> trigger))
        {
            if (TryFind(trigger, out FdIndex fd) && CanPoll(fd) && _kernel.HasInput(_fds[fd].Number))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The triggers of a service name descriptors from now on, or no longer; then it does not wait.</summary>
    public void SetNaming(ServiceIndex service, bool isNaming)
    {
        ref byte state = ref _naming[service.Value];
        if (state != FdTriggerState.None != isNaming)
        {
            state = isNaming ? FdTriggerState.Names : FdTriggerState.None;
            _named += isNaming ? 1 : -1;
        }
    }

    /// <summary>A service that names descriptors waits for them from now on, or no longer.</summary>
    public void SetWaiting(ServiceIndex service, bool isWaiting)
    {
        ref byte state = ref _naming[service.Value];
        if (state == FdTriggerState.Waits == isWaiting)
        {
            return;
        }

        state = isWaiting ? FdTriggerState.Waits : FdTriggerState.Names;
        _waiting += isWaiting ? 1 : -1;
        FieldReader triggers = new(_services.Triggers(service));
        while (triggers.TryNext(out ReadOnlySpan<byte> trigger))
        {
            if (TryFind(trigger, out FdIndex fd))
            {
                Count(fd, service, isWaiting ? 1 : -1);
                Update(fd);
                if (isWaiting)
                {
                    Keeper?.Look(fd);
                }
            }
        }
    }

    /// <summary>A descriptor is ready, or has hung up.</summary>
    public void OnReady(in ReadyDescriptor ready)
    {
        int fd = ready.Token.Index;
        if ((uint)fd < (uint)_watches.Length && _watches[fd].State == WatchState.Watched && _readyCount < MostReady)
        {
            _ready[_readyCount++] = fd;
        }
    }

    /// <summary>
    /// The next service that waits for a descriptor which was reported, behind one, or for one that is not watched;
    /// none when there is no further one.
    /// </summary>
    public ServiceIndex NextReported(ServiceIndex after)
    {
        // Nearly always one service waits for one descriptor.
        if (_readyCount == 1 && !_isShort && _watches[_ready[0]].Count <= 1)
        {
            bool isFirst = after.IsNone && _watches[_ready[0]].Count == 1;
            return isFirst ? new ServiceIndex(_watches[_ready[0]].Sum) : ServiceIndex.None;
        }

        for (int next = NextWaiting(after.Value + 1); next >= 0; next = NextWaiting(next + 1))
        {
            if (IsReported(new ServiceIndex(next)))
            {
                return new ServiceIndex(next);
            }
        }

        return ServiceIndex.None;
    }

    /// <summary>Ends what <see cref="NextReported"/> goes through, and tries again to watch what is not.</summary>
    public void EndReports(Instant now)
    {
        _readyCount = 0;
        if (_nextLook > now)
        {
            return;
        }

        _isShort = false;
        _nextLook = Instant.Never;
        for (int fd = 0; fd < _fds.HighWater; fd++)
        {
            Update(new FdIndex(fd));
        }

        _nextLook = _isShort ? now + new Seconds(1) : Instant.Never;
    }

    /// <summary>A descriptor is about to be closed.</summary>
    public void BeforeClose(FdIndex fd)
    {
        ref FdWaiters watch = ref _watches[fd.Value];
        if (watch.State == WatchState.Watched)
        {
            _kernel.RemovePollInterest(_fds[fd].Number);
        }

        watch = default;
    }

    /// <summary>A descriptor has its name, which services may have waited for.</summary>
    public void AfterAssign(FdIndex fd)
    {
        for (int next = NextWaiting(0); next >= 0; next = NextWaiting(next + 1))
        {
            FieldReader triggers = new(_services.Triggers(new ServiceIndex(next)));
            while (triggers.TryNext(out ReadOnlySpan<byte> trigger))
            {
                if (TryFind(trigger, out FdIndex named) && named == fd)
                {
                    Count(fd, new ServiceIndex(next), 1);
                }
            }
        }

        Update(fd);
    }

    /// <summary>Warns of a descriptor that a service names in vain.</summary>
    public void AfterAnnounce(FdIndex fd)
    {
        if (!IsNamed(fd) || CanPoll(fd))
        {
            return;
        }

        Name name = _fds[fd].Name.Value;
        LineWriter warning = _announcer.Begin();
        Warnings.NotPolled(ref warning, name);
        _announcer.Announce(EventSubject.Of(fd), warning);
        if (_log.Wants(LogLevel.Warning, name))
        {
            LogMessages.NotPolled(_log, name);
        }
    }

    // Whether a trigger of a service, in whatever state it is, names a descriptor.
    private bool IsNamed(FdIndex fd)
    {
        // Most daemons have no such service, and names are announced often.
        for (int service = 0; _named > 0 && service < _services.HighWater; service++)
        {
            if (_naming[service] != FdTriggerState.None)
            {
                FieldReader triggers = new(_services.Triggers(new ServiceIndex(service)));
                while (triggers.TryNext(out ReadOnlySpan<byte> trigger))
                {
                    if (TryFind(trigger, out FdIndex named) && named == fd)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    // The name that a trigger of a service has; false when it is another kind of trigger.
    private static bool TryParse(ReadOnlySpan<byte> trigger, out Name name)
    {
        ReadOnlySpan<byte> prefix = "fd:"u8;
        name = default;
        return trigger.StartsWith(prefix) && FdName.TryParse(trigger[prefix.Length..], out name);
    }

    private bool TryFind(ReadOnlySpan<byte> trigger, out FdIndex fd)
    {
        fd = FdIndex.None;
        return TryParse(trigger, out Name name) && _fds.TryFind(name, out fd);
    }

    private void Count(FdIndex fd, ServiceIndex service, int more)
    {
        ref FdWaiters watch = ref _watches[fd.Value];
        watch.Count += more;
        watch.Sum += more * service.Value;
    }

    // Watches a descriptor that something waits for, and no other one.
    private void Update(FdIndex fd)
    {
        ref FdWaiters watch = ref _watches[fd.Value];
        if (watch.Count == 0)
        {
            if (watch.State == WatchState.Watched)
            {
                _kernel.RemovePollInterest(_fds[fd].Number);
                watch.State = WatchState.Pollable;
            }
        }
        else if (watch.State != WatchState.Watched && CanPoll(fd))
        {
            Errno refused = SetWatch(fd);
            watch.State = refused == Errno.None ? WatchState.Watched
                : refused == Errno.EPERM ? WatchState.NotPollable
                : WatchState.Pollable;
            if (refused is not (Errno.None or Errno.EPERM) && !_isShort)
            {
                _isShort = true;
                _nextLook = Instant.Earlier(_nextLook, _kernel.Now() + new Seconds(1));
            }
        }
    }

    private Errno SetWatch(FdIndex fd)
    {
        PollToken token = new(PollTokenKind.Trigger, 0, fd.Value);
        return _kernel.SetPollInterest(_fds[fd].Number, PollInterest.Read | PollInterest.Edge, token, false);
    }

    private bool IsReported(ServiceIndex service)
    {
        FieldReader triggers = new(_services.Triggers(service));
        while (triggers.TryNext(out ReadOnlySpan<byte> trigger))
        {
            if (TryFind(trigger, out FdIndex fd)
                && (_ready.AsSpan(0, _readyCount).Contains(fd.Value)
                    || (_isShort && _watches[fd.Value].State == WatchState.Pollable)))
            {
                return true;
            }
        }

        return false;
    }

    private int NextWaiting(int from)
    {
        int limit = _services.HighWater;
        int at = _waiting == 0 || from >= limit ? -1 : _naming.Span[from..limit].IndexOf(FdTriggerState.Waits);
        return at < 0 ? -1 : from + at;
    }

    // The number of triggers of waiting services that name a descriptor; if it is one, the sum is its service.
    private struct FdWaiters
    {
        public int Count;
        public int Sum;
        public WatchState State;
    }
}
