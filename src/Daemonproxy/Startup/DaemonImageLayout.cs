using Daemonproxy.Access;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Helpers;
using Daemonproxy.Launching;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Readiness;
using Daemonproxy.Services;
using Daemonproxy.Signals;
using Daemonproxy.State;
using Daemonproxy.Upgrade;

namespace Daemonproxy.Startup;

/// <summary>The regions of the daemon's image, sized once: generous in address space, free until touched.</summary>
internal static unsafe class DaemonImageLayout
{
    // Room for the texts of 65,535 services of about 350 bytes each, and paths of 60: shared, so a few may be long.
    private const int ServiceTextHalf = 24 << 20;
    private const int FdTextHalf = 4 << 20;

    public static ImageLayout Create(in TableCapacities sizes)
    {
        ImageLayout layout = new();
        layout.Add(RegionId.Settings, sizeof(DaemonRecord), 1);
        layout.Add(RegionId.Counters, sizeof(CounterRecord), 1);
        layout.Add(RegionId.Signals, sizeof(SignalCounts), PendingSignals.Places);
        layout.Add(RegionId.Log, sizeof(LogRecord), 1);
        layout.Add(RegionId.Connections, sizeof(ConnectionRecord), sizes.Connections);
        layout.Add(RegionId.Inboxes, Limits.Inbox, sizes.Connections);
        layout.Add(RegionId.Outboxes, Limits.Outbox, sizes.Connections);
        layout.Add(RegionId.Services, sizeof(ServiceRecord), sizes.Services);
        layout.AddBytes(RegionId.ServiceText, 2 * (sizes.AreServicesReserved
            ? TextArena.HalfBytesFor(sizes.Services, sizes.ServiceText, (int)ServiceTextTag.Count)
            : ServiceTextHalf));
        layout.Add(RegionId.Fds, sizeof(FdRecord), sizes.Fds);
        layout.AddBytes(RegionId.FdText, 2 * (sizes.AreFdsReserved
            ? TextArena.HalfBytesFor(sizes.Fds, sizes.FdText, (int)FdTextTag.Count)
            : FdTextHalf));
        layout.Add(RegionId.ControlSocket, sizeof(ControlSocketRecord), 1);
        layout.Add(RegionId.Upgrade, sizeof(UpgradeRecord), 1);
        layout.Add(RegionId.Launches, sizeof(LaunchRecord), Limits.LaunchSlots);
        layout.Add(RegionId.Helpers, sizeof(HelperRecord), Limits.HelperSlots);
        layout.Add(RegionId.NotifySockets, sizeof(NotifyRecord), sizes.Services);
        layout.Add(RegionId.NotifyMessage, sizeof(NotifyMessageRecord), 1);
        layout.Add(RegionId.Accesses, sizeof(AccessPolicyRecord), Limits.Accesses);
        layout.Add(RegionId.NamedSockets, sizeof(ControlSocketRecord), Limits.ControlSockets - 1);
        return layout;
    }
}
