using Daemonproxy.Controllers;
using Daemonproxy.Fds;
using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Signals;

namespace Daemonproxy;

/// <summary>The regions of the daemon's image, sized once: generous in address space, free until touched.</summary>
internal static unsafe class DaemonLayout
{
    /// <summary>The text of one service, or the path of one descriptor, can be as long as lines can make it.</summary>
    public const int MostServiceText = 3 * Limits.Line;
    public const int MostFdText = Limits.Line;

    // Room for the texts of 65,535 services of about 350 bytes each, and paths of 60: shared, so a few may be long.
    private const int ServiceTextHalf = 24 << 20;
    private const int FdTextHalf = 4 << 20;

    public static ImageLayout Create()
    {
        ImageLayout layout = new();
        layout.Add(RegionId.Settings, sizeof(LifetimeRecord), 1);
        layout.Add(RegionId.Counters, sizeof(Image.Counters), 1);
        layout.Add(RegionId.Signals, sizeof(SignalCounts), SignalLedger.Places);
        layout.Add(RegionId.Log, sizeof(LogRecord), 1);
        layout.Add(RegionId.Controllers, sizeof(ControllerRecord), Limits.Controllers);
        layout.Add(RegionId.Inboxes, Limits.Inbox, Limits.Controllers);
        layout.Add(RegionId.Outboxes, Limits.Outbox, Limits.Controllers);
        layout.Add(RegionId.Services, sizeof(ServiceRecord), Limits.Services);
        layout.Add(RegionId.ServiceText, ServiceTextHalf, 2);
        layout.Add(RegionId.Fds, sizeof(FdRecord), Limits.Fds);
        layout.Add(RegionId.FdText, FdTextHalf, 2);
        return layout;
    }
}
