using System;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>
/// The sockets of a service that is about to start. A run that shut one down, as dovecot does with an unknown address,
/// leaves it without a queue; one that removed the file of one, as gunicorn and php-fpm do at their end, makes it
/// unreachable. One of the internet listens again after another listen(2); one of the unix domain is made anew by
/// <see cref="SocketRenewal"/>, and the start waits for it. Nothing here is in the image: a resume begins the start
/// anew.
/// </summary>
internal sealed class ListenerPreparation(
    SystemCalls kernel, ServiceTable services, FdTable fds, SocketRenewal renewal, IAnnouncer announcer, Log log)
{
    // A socket that no helper could look at by then, as others hang, is taken as it is.
    private static readonly Seconds Patience = new(1);

    private readonly WaitingStart[] _starts = new WaitingStart[Limits.HelperSlots];
    private int _used;

    /// <summary>True if the start of a service waits for its sockets.</summary>
    public bool IsWaiting(ServiceIndex service, Instant now)
    {
        int at = Find(service);
        return at >= 0 && IsBusy(_starts[at], now);
    }

    /// <summary>A service whose start can continue; none if there is none.</summary>
    public ServiceIndex FindReady(Instant now)
    {
        for (int at = 0; _used > 0 && at < _starts.Length; at++)
        {
            if (_starts[at].IsUsed)
            {
                ref readonly ServiceRecord record = ref services[_starts[at].Service];
                bool isWanted = record.State == ServiceState.Waiting && record.Due <= now;
                if (!isWanted)
                {
                    Release(at);
                }
                else if (!IsBusy(_starts[at], now))
                {
                    return _starts[at].Service;
                }
            }
        }

        return ServiceIndex.None;
    }

    /// <summary>When <see cref="FindReady"/> may find a start that waits for a helper in vain.</summary>
    public Instant NextGivenUp(Instant now)
    {
        Instant next = Instant.Never;
        for (int at = 0; _used > 0 && at < _starts.Length; at++)
        {
            Instant end = _starts[at].Since + Patience;
            next = _starts[at].IsUsed && end > now ? Instant.Earlier(next, end) : next;
        }

        return next;
    }

    /// <summary>
    /// True if a run of the service can begin, as far as its sockets are concerned; has them looked at if not.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="now">The time.</param>
    /// <param name="isKnown">If it cannot begin: whether <see cref="FindReady"/> will find it.</param>
    public bool Prepare(ServiceIndex service, Instant now, out bool isKnown)
    {
        isKnown = false;
        if (!fds.HasListeners)
        {
            return true;
        }

        int at = Find(service);
        if (at < 0)
        {
            at = _used < _starts.Length ? Array.FindIndex(_starts, static start => !start.IsUsed) : -1;
            bool hasFiles = HasFiles(service, asks: at >= 0);
            if (!hasFiles || at < 0)
            {
                return !hasFiles;
            }

            _starts[at] = new WaitingStart { IsUsed = true, Service = service, Since = now };
            _used++;
        }

        isKnown = true;
        return !IsBusy(_starts[at], now);
    }

    /// <summary>True if a service has sockets that are looked at before its start.</summary>
    public bool NeedsLook(ServiceIndex service) => fds.HasListeners && HasFiles(service, asks: false);

    /// <summary>The launch of the service is over, whatever came of it.</summary>
    public void Forget(ServiceIndex service)
    {
        int at = Find(service);
        if (at >= 0)
        {
            Release(at);
        }
    }

    /// <summary>Lets those listen again that are recorded as listening and do not, and have no file of ours.</summary>
    public void ListenAgain(ServiceIndex service)
    {
        FieldReader names = new(fds.HasListeners ? services.Fds(service) : default);
        while (names.TryNext(out ReadOnlySpan<byte> word))
        {
            if (TryFind(word, out FdIndex fd) && fds[fd].Backlog > 0 && fds[fd].File.IsNone
                && !kernel.IsIntact(fds[fd].Number, listens: true))
            {
                kernel.Listen(fds[fd].Number, fds[fd].Backlog);
                Tell(fd, kernel.IsIntact(fds[fd].Number, listens: true));
            }
        }
    }

    private int Find(ServiceIndex service)
    {
        for (int at = 0; _used > 0 && at < _starts.Length; at++)
        {
            if (_starts[at].IsUsed && _starts[at].Service == service)
            {
                return at;
            }
        }

        return -1;
    }

    private void Release(int at)
    {
        _starts[at] = default;
        _used--;
    }

    private bool HasFiles(ServiceIndex service, bool asks)
    {
        bool hasFiles = false;
        FieldReader names = new(services.Fds(service));
        while (names.TryNext(out ReadOnlySpan<byte> word))
        {
            if (TryFind(word, out FdIndex fd) && SocketRenewal.IsFor(fds[fd]))
            {
                hasFiles = true;
                if (asks)
                {
                    renewal.Look(fd);
                }
            }
        }

        return hasFiles;
    }

    private bool IsBusy(in WaitingStart start, Instant now)
    {
        bool isPatient = now < start.Since + Patience;
        FieldReader names = new(services.Fds(start.Service));
        while (names.TryNext(out ReadOnlySpan<byte> word))
        {
            if (TryFind(word, out FdIndex fd) && (renewal.IsUnderWay(fd) || (isPatient && renewal.IsQueued(fd))))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryFind(ReadOnlySpan<byte> word, out FdIndex fd)
    {
        fd = FdIndex.None;
        return FdName.TryParse(word, out Name name) && fds.TryFind(name, out fd) && fds[fd].Type == FdType.Socket;
    }

    private void Tell(FdIndex fd, bool listens)
    {
        Name name = fds[fd].Name.Value;
        LineWriter warning = announcer.Begin();
        if (listens)
        {
            Warnings.ListensAgain(ref warning, name);
        }
        else
        {
            Warnings.ListenerShut(ref warning, name);
        }

        announcer.Announce(EventSubject.Of(fd), warning);
        if (log.Wants(LogLevel.Warning, name))
        {
            LineWriter line = log.Begin(LogLevel.Warning);
            line.Text("fd '"u8);
            line.Name(name);
            line.Text(listens ? "' was shut down, and listens again"u8 : "' was shut down, and must be made anew"u8);
            log.End(ref line);
        }
    }

    // A start that waits for its sockets.
    private struct WaitingStart
    {
        public bool IsUsed;
        public ServiceIndex Service;
        public Instant Since;
    }
}
