using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>How long a controller that does not read is waited for.</summary>
internal static class SlowReaderPolicy
{
    /// <summary>When its patience ends next; never while it reads.</summary>
    public static Instant NextDeadline(Connection connection)
    {
        ref readonly ConnectionRecord record = ref connection.Record;
        if (record.BlockedSince.IsNone)
        {
            return Instant.Never;
        }

        bool canReset = !record.IsOverflowed && connection.HasLineWaiting;
        return record.BlockedSince + new Seconds(canReset ? record.ResetSeconds : record.CloseSeconds);
    }

    /// <summary>
    /// Marks a controller overflowed that has been blocked too long with commands waiting, and closes one that has been
    /// blocked longer still.
    /// </summary>
    public static void Check(Connection connection, Instant now, Log log)
    {
        ref readonly ConnectionRecord record = ref connection.Record;
        if (record.BlockedSince.IsNone)
        {
            return;
        }

        Instant since = record.BlockedSince;
        if (now >= since + new Seconds(record.CloseSeconds))
        {
            LogMessages.BlockedTooLong(log, connection.Index, Instant.Between(since, now).Value);
            connection.Outbox.Clear();
            connection.Close();
        }
        else if (now >= since + new Seconds(record.ResetSeconds)
            && !record.IsOverflowed
            && connection.HasLineWaiting)
        {
            LogMessages.Blocked(log, connection.Index, Instant.Between(since, now).Value);
            connection.MarkOverflowed();
        }
    }
}
