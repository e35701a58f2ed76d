using Daemonproxy.Collections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Signals;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>
/// Restates everything to one controller, a part in each turn: it goes on while the outbox is at most half full, so
/// that what happens meanwhile has room, and keeps its place by name, so that objects may come and go.
/// </summary>
internal sealed class StateDump(
    FdTable fds, ServiceTable services, PendingSignals signals, SystemCalls kernel)
{
    /// <summary>A dump goes on while at most so many bytes wait: five lines of one service must fit behind.</summary>
    public const int Mark = Limits.Outbox / 2;
    private readonly FixedArray<byte> _scratch = new(kernel, Limits.LongestEvent);

    /// <summary>Begins a dump; what the controller asks next waits for its end.</summary>
    public static void Begin(Connection connection) => Begin(connection, DumpStage.Fds);

    /// <summary>Begins a dump of the pending signals only, as a new connection gets it.</summary>
    public static void BeginSignals(Connection connection) => Begin(connection, DumpStage.Signals);

    /// <summary>Goes on with a dump as far as there is room.</summary>
    public void Continue(Connection connection, Instant now)
    {
        while (connection.Record.Dump != DumpStage.None && connection.Outbox.Length <= Mark)
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
                NextStage(connection);
            }
        }
    }

    private static void Begin(Connection connection, DumpStage stage)
    {
        using RecordWriter<ConnectionRecord> change = connection.Change();
        // All that one is told which has overflowed is discarded: its next commands must not wait for that.
        bool isHeard = connection.IsListening && !connection.Record.IsOverflowed;
        change.Record.Dump = isHeard ? stage : DumpStage.None;
        change.Record.DumpCursor = default;
        change.Record.DumpSignal = 0;
        change.Record.DumpSignalTime = Instant.None;
    }

    private static void NextStage(Connection connection)
    {
        using RecordWriter<ConnectionRecord> change = connection.Change();
        change.Record.DumpCursor = default;
        change.Record.Dump = change.Record.Dump == DumpStage.Signals ? DumpStage.None : change.Record.Dump + 1;
    }

    private bool TryDumpFd(Connection connection)
    {
        FdIndex fd = fds.After(connection.Record.DumpCursor);
        if (fd.IsNone)
        {
            return false;
        }

        EventLine line = new(_scratch.Span);
        FdEvents.State(ref line, fds, fd);
        connection.Send(line.Written);
        MoveTo(connection, fds[fd].Name);
        return true;
    }

    private bool TryDumpService(Connection connection, Instant now)
    {
        ServiceIndex service = services.After(connection.Record.DumpCursor);
        if (service.IsNone)
        {
            return false;
        }

        ref readonly ServiceRecord record = ref services[service];
        EventLine line = new(_scratch.Span);
        ServiceEvents.State(ref line, services, service, now);
        connection.Send(line.Written);
        line = new EventLine(_scratch.Span);
        Events.ServiceTags(ref line, record.Name.Value, services.Tags(service));
        connection.Send(line.Written);
        line = new EventLine(_scratch.Span);
        Events.ServiceArgs(ref line, record.Name.Value, services.Args(service));
        connection.Send(line.Written);
        line = new EventLine(_scratch.Span);
        Events.ServiceFds(ref line, record.Name.Value, services.Fds(service));
        connection.Send(line.Written);
        line = new EventLine(_scratch.Span);
        ServiceEvents.AutoUp(ref line, services, service);
        connection.Send(line.Written);
        MoveTo(connection, record.Name);
        return true;
    }

    private bool TryDumpSignal(Connection connection)
    {
        int signal = signals.PendingAfter(connection.Record.DumpSignalTime, connection.Record.DumpSignal);
        if (signal == 0)
        {
            return false;
        }

        EventLine line = new(_scratch.Span);
        signals.Write(ref line, signal);
        connection.Send(line.Written);
        using RecordWriter<ConnectionRecord> change = connection.Change();
        change.Record.DumpSignal = signal;
        change.Record.DumpSignalTime = signals.LastArrival(signal);
        return true;
    }

    private static void MoveTo(Connection connection, in FixedName name)
    {
        using RecordWriter<ConnectionRecord> change = connection.Change();
        change.Record.DumpCursor = name;
    }
}
