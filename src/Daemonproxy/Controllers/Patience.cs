using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Time;

namespace Daemonproxy.Controllers;

/// <summary>How long a controller that does not read is waited for.</summary>
internal static class Patience
{
    /// <summary>When its patience ends next; never while it reads.</summary>
    public static Instant NextDeadline(Controller controller)
    {
        ref readonly ControllerRecord record = ref controller.Record;
        if (record.BlockedSince.IsNone)
        {
            return Instant.Never;
        }

        bool canReset = !record.IsOverflowed && controller.HasLineWaiting;
        return record.BlockedSince + new Seconds(canReset ? record.ResetSeconds : record.CloseSeconds);
    }

    /// <summary>
    /// Marks a controller overflowed that has been blocked too long with commands waiting, and closes one that has been
    /// blocked longer still.
    /// </summary>
    public static void Check(Controller controller, Instant now, Log log)
    {
        ref readonly ControllerRecord record = ref controller.Record;
        if (record.BlockedSince.IsNone)
        {
            return;
        }

        Instant since = record.BlockedSince;
        if (now >= since + new Seconds(record.CloseSeconds))
        {
            LogMessages.BlockedTooLong(log, controller.Index, Instant.Between(since, now).Value);
            controller.Outbox.Clear();
            controller.Close();
        }
        else if (now >= since + new Seconds(record.ResetSeconds)
            && !record.IsOverflowed
            && controller.HasLineWaiting)
        {
            LogMessages.Blocked(log, controller.Index, Instant.Between(since, now).Value);
            controller.MarkOverflowed();
        }
    }
}
