using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Services;

/// <summary>True if runs are ready: noted before it is announced, so that a resume in between restates it.</summary>
internal sealed class ReadinessMarker(StateImage image, ServiceTable services, IAnnouncer announcer)
{
    /// <summary>A run is ready; one that is ready already says nothing new.</summary>
    public void Mark(ServiceIndex service, Instant now)
    {
        if (!services[service].IsReady)
        {
            Set(service, true, now);
        }
    }

    /// <summary>A ready run is no longer ready.</summary>
    public void Withdraw(ServiceIndex service, Instant now)
    {
        if (services[service].IsReady)
        {
            Set(service, false, now);
        }
    }

    private void Set(ServiceIndex service, bool isReady, Instant now)
    {
        using (RecordWriter<ServiceRecord> change = services.Change(service))
        {
            change.Record.IsReady = isReady;
            change.Record.ReadyAt = now;
        }

        image.Pass(CrashPoint.ServiceReady);
        LineWriter line = announcer.Begin();
        ServiceEvents.IsReady(ref line, services, service);
        announcer.Announce(EventSubject.Of(service), line);
    }
}
