using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>Going on where a crash has interrupted the life of services.</summary>
internal sealed partial class ServiceManager
{
    /// <summary>
    /// After a resume: arms the deadlines again. A service in whose launch we crashed is taken as it is: with a process
    /// it is up; without one its start is dropped, or the same crash would come again.
    /// </summary>
    public void Rebuild(int crashedIn, Instant now)
    {
        Pid reaped = image.Header.Reaped.Pid;
        for (int index = 0; index < services.HighWater; index++)
        {
            ServiceIndex service = new(index);
            if (services.Exists(service))
            {
                ArmStop(service);
                UpdateInputs(service);
                runs.Rebuild(service);
            }

            if (services[service].State is ServiceState.Exited or ServiceState.Killed)
            {
                // Its end may have been announced to some controllers only, and its restart may not have been decided.
                bool isReaped = !reaped.IsNone && services[service].Pid == reaped;
                if (isReaped)
                {
                    Announce(service, now);
                }

                ConsiderAutoUp(service, now);
                if (isReaped)
                {
                    runs.Ended(service, image.Header.Reaped, wasStopped: services[service].IsHeld, now);
                }

                continue;
            }

            if (services[service].State != ServiceState.Waiting)
            {
                continue;
            }

            if (!services[service].Pid.IsNone)
            {
                Apply(service, LifecycleEvent.Launched, now);
            }
            else if (index == crashedIn)
            {
                log.ServiceFailed(
                    services[service], "the daemon crashed in its launch"u8, default, Errno.None);
                Apply(service, LifecycleEvent.PlanDropped, now);
            }
            else
            {
                ArmStart(service, services[service].Due);
                NoteRefusal(service, IsRefused(service), services[service].FailedAt);
            }
        }
    }
}
