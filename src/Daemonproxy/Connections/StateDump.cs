using Daemonproxy.Descriptors;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Signals;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>
/// Restates everything to one controller, line by line, as many in a turn as half of the outbox holds. The place is an
/// object, kept by name, and one of its lines, so that objects may come and go in between: one that vanishes among its
/// lines is left, and one that is made anew under its name is restated from the first line.
/// </summary>
internal sealed class StateDump(FdTable fds, ServiceTable services, PendingSignals signals)
{
    /// <summary>Goes on with a dump as far as there is room.</summary>
    public void Continue(Connection connection, Instant now)
    {
        while (connection.CanDump)
        {
            connection.Pass(CrashPoint.Dump);
            bool found = connection.Record.Dump switch
            {
                DumpStage.Fds => TryDumpFd(connection),
                DumpStage.Services => TryDumpService(connection, now),
                _ => TryDumpSignal(connection),
            };
            if (!found)
            {
                connection.EndDumpStage();
            }
        }
    }

    private bool TryDumpFd(Connection connection)
    {
        ref readonly ConnectionRecord at = ref connection.Record;
        FdIndex fd = new(at.DumpIndex);
        int row = at.DumpLine;
        if (row <= 0 || row >= FdEvents.Rows || !fds.IsNamed(fd, at.DumpCursor))
        {
            bool isAnew = row == ConnectionRecord.DumpAnew && fds.TryFind(at.DumpCursor.Value, out fd);
            fd = isAnew ? fd : fds.After(at.DumpCursor);
            row = 0;
        }

        if (fd.IsNone)
        {
            return false;
        }

        EventLine line = connection.BeginDumpLine();
        FdEvents.Row(ref line, fds, fd, row);
        connection.EndDumpLine(line, fds[fd].Name, fd.Value, row, row + 1 < FdEvents.Rows ? row + 1 : 0);
        connection.CountEvents(1);
        return true;
    }

    private bool TryDumpService(Connection connection, Instant now)
    {
        ref readonly ConnectionRecord at = ref connection.Record;
        ServiceIndex service = new(at.DumpIndex);
        int row = at.DumpLine;
        if (row <= 0 || !services.IsNamed(service, at.DumpCursor))
        {
            bool isAnew = row == ConnectionRecord.DumpAnew && services.TryFind(at.DumpCursor.Value, out service);
            service = isAnew ? service : services.After(at.DumpCursor);
            row = 0;
        }

        if (service.IsNone)
        {
            return false;
        }

        // The line that was next may be gone meanwhile.
        uint rows = ServiceEvents.RowsOf(services, service);
        if (((rows >> row) & 1) == 0)
        {
            connection.SkipDumpLine(ServiceEvents.NextRow(rows, row));
            return true;
        }

        // Nothing else happens between these lines, so the place is not looked up again.
        int count = 0;
        do
        {
            EventLine line = connection.BeginDumpLine();
            ServiceEvents.Row(ref line, services, service, row, now);
            int next = ServiceEvents.NextRow(rows, row);
            connection.EndDumpLine(line, services[service].Name, service.Value, row, next);
            row = next;
            count++;
        }
        while (row > 0 && connection.CanDump);
        connection.CountEvents(count);
        return true;
    }

    private bool TryDumpSignal(Connection connection)
    {
        int signal = signals.PendingAfter(connection.Record.DumpSignalTime, connection.Record.DumpSignal);
        if (signal == 0)
        {
            return false;
        }

        EventLine line = connection.BeginDumpLine();
        signals.Write(ref line, signal);
        connection.EndDumpLine(line, signal, signals.LastArrival(signal));
        connection.CountEvents(1);
        return true;
    }
}
