using Daemonproxy.Access;
using Daemonproxy.Collections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
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
internal sealed class StateDump(
    SystemCalls kernel,
    FdTable fds,
    ServiceTable services,
    PendingSignals signals,
    ControlSockets sockets,
    AccessPolicies access)
{
    private readonly FixedArray<byte> _scratch = new(kernel, LargestAnswer.LongestLine);

    /// <summary>Goes on with a dump as far as there is room.</summary>
    public void Continue(Connection connection, Instant now)
    {
        while (connection.CanDump)
        {
            connection.Pass(CrashPoint.Dump);
            bool found = connection.Record.Dump switch
            {
                DumpStage.Sockets => TryDumpSocket(connection),
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
            fd = isAnew ? fd : NextFd(at);
            row = 0;
        }

        bool isForAll = at.Access.IsAll;
        if (fd.IsNone || (!isForAll && !access.Sees(at.Access, fds[fd].Name.Value.Bytes)))
        {
            return false;
        }

        LineWriter line = isForAll ? connection.BeginDumpLine() : new LineWriter(_scratch.Span);
        FdEvents.Row(ref line, fds, fd, row);
        line = isForAll ? line : Shown(connection, line);
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
            service = isAnew ? service : NextService(at);
            row = 0;
        }

        bool isForAll = at.Access.IsAll;
        if (service.IsNone || (!isForAll && !access.Sees(at.Access, services[service].Name.Value.Bytes)))
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

        // No other code runs between these lines, so the place is not looked up again.
        int count = 0;
        do
        {
            int next = ServiceEvents.NextRow(rows, row);
            if (isForAll)
            {
                LineWriter line = connection.BeginDumpLine();
                ServiceEvents.Row(ref line, services, service, row, now);
                connection.EndDumpLine(line, services[service].Name, service.Value, row, next);
            }
            else
            {
                LineWriter line = new(_scratch.Span);
                ServiceEvents.Row(ref line, services, service, row, now);
                connection.EndDumpLine(
                    Shown(connection, line), services[service].Name, service.Value, row, next);
            }

            row = next;
            count++;
        }
        while (row > 0 && connection.CanDump);
        connection.CountEvents(count);
        return true;
    }

    // A line that was written beside the outbox, as a peer may see it, in the outbox.
    private LineWriter Shown(Connection connection, LineWriter line)
    {
        LineWriter shown = connection.BeginDumpLine();
        EventFilter.Write(ref shown, access, connection.Record.Access, line.Written);
        return shown;
    }

    // The names that begin with a prefix stand together; one may be the prefix itself.
    private FdIndex NextFd(in ConnectionRecord at)
    {
        if (!at.DumpCursor.IsEmpty || at.Access.IsAll)
        {
            return fds.After(at.DumpCursor);
        }

        ref readonly FixedName prefix = ref access[at.Access].Prefix;
        return fds.TryFind(prefix.Value, out FdIndex fd) ? fd : fds.After(prefix);
    }

    private ServiceIndex NextService(in ConnectionRecord at)
    {
        if (!at.DumpCursor.IsEmpty || at.Access.IsAll)
        {
            return services.After(at.DumpCursor);
        }

        ref readonly FixedName prefix = ref access[at.Access].Prefix;
        return services.TryFind(prefix.Value, out ServiceIndex service) ? service : services.After(prefix);
    }

    // The place is the number of the slot, since a name may be none.
    private bool TryDumpSocket(Connection connection)
    {
        int slot = connection.Record.DumpIndex;
        while (slot < sockets.All.Length && sockets.All[slot].Listener.IsNone)
        {
            slot++;
        }

        if (slot >= sockets.All.Length)
        {
            return false;
        }

        LineWriter line = connection.BeginDumpLine();
        SocketEvents.State(ref line, sockets.All[slot], access);
        connection.EndDumpLine(line, sockets.All[slot].Record.Name, slot + 1, row: 0, next: 0);
        connection.CountEvents(1);
        return true;
    }

    private bool TryDumpSignal(Connection connection)
    {
        int signal = signals.PendingAfter(connection.Record.DumpSignalTime, connection.Record.DumpSignal);
        if (signal == 0)
        {
            return false;
        }

        LineWriter line = connection.BeginDumpLine();
        signals.Write(ref line, signal);
        connection.EndDumpLine(line, signal, signals.LastArrival(signal));
        connection.CountEvents(1);
        return true;
    }
}
