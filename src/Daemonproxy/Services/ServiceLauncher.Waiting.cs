using Daemonproxy.Access;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>The preparation of a launch by helpers: the control group, and the check of sockets.</summary>
internal sealed partial class ServiceLauncher
{
    // A helper that could not be started is requested again.
    private const long RetryDelay = 100_000_000;

    // 10 ms: a launch that does not hang is over then.
    private const long ShareDelay = 10_000_000;

    /// <summary>True if the start of a service waits for helpers.</summary>
    public bool IsPreparing(ServiceIndex service, Instant now) =>
        groups.IsMaking(service) || listeners.IsWaiting(service, now);

    // A start that was refused is tried before it is due, but not what takes helpers: they would end when it is not due
    // yet.
    private bool IsTooEarly(ServiceIndex service, Instant now) =>
        services[service].Due > now
        && (!services.Cgroup(service).IsEmpty || listeners.NeedsLook(service));

    // The owner of a program can make its launch hang. Launches of restricted peers leave half of the slots to all
    // others, and those of one socket some to those of another.
    private bool HasShare(ServiceIndex service, Instant now)
    {
        AccessPolicyIndex own = services[service].Access;
        if (own.IsAll || FindPrepared(now).Value == service.Value)
        {
            return true;
        }

        int ofPeers = 0;
        int ofSocket = 0;
        foreach (LaunchSlot slot in slots.All)
        {
            AccessPolicyIndex access = slot.IsInUse ? services[new ServiceIndex(slot.Record.Owner)].Access : default;
            ofPeers += access.IsAll ? 0 : 1;
            ofSocket += access == own ? 1 : 0;
        }

        bool hasShare = ofPeers < Limits.LaunchSlots / 2 && ofSocket < Limits.SocketLaunches;
        if (!hasShare)
        {
            manager.PutOff(service, new Instant(now.Nanoseconds + ShareDelay));
        }

        return hasShare;
    }

    // A service that has waited for helpers, and waits no longer.
    private ServiceIndex FindPrepared(Instant now)
    {
        ServiceIndex made = groups.FindMade(listeners, now);
        ServiceIndex ready = made.IsNone ? listeners.FindReady(now) : made;
        return ready.IsNone || groups.IsMaking(ready) ? ServiceIndex.None : ready;
    }

    // Whether a run can begin, as far as its sockets are concerned.
    private bool HasListeners(ServiceIndex service, Instant now)
    {
        bool isReady = listeners.Prepare(service, now, out bool isKnown);
        if (!isReady)
        {
            manager.PutOff(service, isKnown ? Instant.Never : new Instant(now.Nanoseconds + RetryDelay));
        }

        return isReady;
    }

    // Whether a run can begin, as far as its control group is concerned. The helper that makes it ends in a later turn.
    private bool HasGroup(ServiceIndex service, Instant now)
    {
        CgroupPreparation.GroupProgress progress = groups.Prepare(service, now, out Errno refused);
        if (progress == CgroupPreparation.GroupProgress.Refused)
        {
            manager.Finish(service, LaunchOutcome.Refused(LaunchStep.Process, refused), default, now);
        }
        else if (progress != CgroupPreparation.GroupProgress.Over)
        {
            bool isUnderWay = progress == CgroupPreparation.GroupProgress.UnderWay;
            manager.PutOff(service, isUnderWay ? Instant.Never : new Instant(now.Nanoseconds + RetryDelay));
        }

        return progress == CgroupPreparation.GroupProgress.Over;
    }
}
