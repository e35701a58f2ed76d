using System;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>
/// The listening sockets of a service that is about to start. A run that shut one down, as dovecot does with an unknown
/// address, leaves it deaf for all. One of the internet listens again after another listen(2); one of the unix domain
/// does not; a warning says so.
/// </summary>
internal sealed class ServiceListeners(
    SystemCalls kernel, ServiceTable services, FdTable fds, IAnnouncer announcer, Log log)
{
    /// <summary>Lets those listen again that were recorded as listening and do not.</summary>
    public void ListenAgain(ServiceIndex service)
    {
        ref readonly ServiceRecord record = ref services[service];
        if (!record.Listens && (record.Triggers & Triggers.Descriptors) == 0)
        {
            return;
        }

        FieldReader names = new(services.Fds(service));
        while (names.TryNext(out ReadOnlySpan<byte> word))
        {
            if (FdName.TryParse(word, out Name name) && fds.TryFind(name, out FdIndex fd) && fds[fd].Backlog > 0
                && fds[fd].Type == FdType.Socket && !kernel.IsIntact(fds[fd].Number, listens: true))
            {
                kernel.Listen(fds[fd].Number, fds[fd].Backlog);
                Tell(service, name, kernel.IsIntact(fds[fd].Number, listens: true));
            }
        }
    }

    private void Tell(ServiceIndex service, Name name, bool listens)
    {
        EventLine warning = announcer.Begin();
        if (listens)
        {
            Warnings.ListensAgain(ref warning, name);
        }
        else
        {
            Warnings.ListenerShut(ref warning, name);
        }

        announcer.Announce(EventSubject.Of(service), warning);
        if (log.Wants(LogLevel.Warning))
        {
            EventLine line = log.Begin(LogLevel.Warning);
            line.Text("fd '"u8);
            line.Name(name);
            line.Text(listens ? "' was shut down, and listens again"u8 : "' was shut down, and must be made anew"u8);
            log.End(ref line);
        }
    }
}
