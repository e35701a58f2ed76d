using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>Room in a controller's record for descriptors that were sent along with its lines.</summary>
[InlineArray(Most)]
internal struct PassedNumbers
{
    /// <summary>More than one is a controller that sends ahead; more than two are a mistake of it.</summary>
    public const int Most = 2;
    private FdNumber _first;
}

/// <summary>
/// Descriptors that were sent along with lines (SCM_RIGHTS, unix(7)) and that no <c>fd.take</c> has taken yet: they
/// wait in order.
/// </summary>
internal static class PassedDescriptors
{
    /// <summary>The longest waiting one, if there is any.</summary>
    public static bool TryTake(Connection connection, out FdNumber descriptor)
    {
        descriptor = FdNumber.None;
        if (connection.Record.PassedCount == 0)
        {
            return false;
        }

        using RecordWriter<ConnectionRecord> change = connection.Change();
        descriptor = change.Record.Passed[0];
        change.Record.Passed[0] = change.Record.Passed[1];
        change.Record.PassedCount--;
        return true;
    }

    /// <summary>Closes those for which there was no room.</summary>
    public static void Refuse(SystemCalls kernel, Log log, ReadOnlySpan<FdNumber> surplus)
    {
        foreach (FdNumber fd in surplus)
        {
            LogMessages.NoRoomForFd(log, fd.Value);
            kernel.Close(fd);
        }
    }

    /// <summary>Closes those that nobody has taken, when the connection ends.</summary>
    public static void CloseLeftovers(SystemCalls kernel, Log log, Connection connection)
    {
        while (TryTake(connection, out FdNumber fd))
        {
            LogMessages.LeftoverFd(log, fd.Value);
            kernel.Close(fd);
        }
    }
}
