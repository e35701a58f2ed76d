using Daemonproxy.Fds;
using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Signals;
using Daemonproxy.Time;

namespace Daemonproxy.Controllers;

/// <summary>
/// Restates everything to one controller, a part in each turn: it goes on while the outbox is at most half full, so
/// that what happens meanwhile has room, and keeps its place by name, so that objects may come and go.
/// </summary>
internal sealed class StateDump(
    FdTable fds, ServiceTable services, SignalLedger signals, Kernel kernel)
{
    /// <summary>A dump goes on while at most so many bytes wait: five lines of one service must fit behind.</summary>
    public const int Mark = Limits.Outbox / 2;
    private readonly FixedArray<byte> _scratch = new(kernel, Limits.LongestEvent);

    /// <summary>Begins a dump; what the controller asks next waits for its end.</summary>
    public static void Begin(Controller controller) => Begin(controller, DumpStage.Fds);

    /// <summary>Begins a dump of the pending signals only, as a new connection gets it.</summary>
    public static void BeginSignals(Controller controller) => Begin(controller, DumpStage.Signals);

    /// <summary>Goes on with a dump as far as there is room.</summary>
    public void Continue(Controller controller, Instant now)
    {
        while (controller.Record.Dump != DumpStage.None && controller.Outbox.Length <= Mark)
        {
            controller.Pass(CrashPoint.Dump);
            bool found = controller.Record.Dump switch
            {
                DumpStage.Fds => TryDumpFd(controller),
                DumpStage.Services => TryDumpService(controller, now),
                _ => TryDumpSignal(controller),
            };
            if (!found)
            {
                NextStage(controller);
            }
        }
    }

    private static void Begin(Controller controller, DumpStage stage)
    {
        using Change<ControllerRecord> change = controller.Change();
        // All that one is told which has overflowed is discarded: its next commands must not wait for that.
        bool isHeard = controller.IsListening && !controller.Record.IsOverflowed;
        change.Record.Dump = isHeard ? stage : DumpStage.None;
        change.Record.DumpCursor = default;
        change.Record.DumpSignal = 0;
        change.Record.DumpSignalTime = Instant.None;
    }

    private static void NextStage(Controller controller)
    {
        using Change<ControllerRecord> change = controller.Change();
        change.Record.DumpCursor = default;
        change.Record.Dump = change.Record.Dump == DumpStage.Signals ? DumpStage.None : change.Record.Dump + 1;
    }

    private bool TryDumpFd(Controller controller)
    {
        FdIndex fd = fds.After(controller.Record.DumpCursor);
        if (fd.IsNone)
        {
            return false;
        }

        EventLine line = new(_scratch.Span);
        FdEvents.State(ref line, fds, fd);
        controller.Tell(line.Written);
        MoveTo(controller, fds[fd].Name);
        return true;
    }

    private bool TryDumpService(Controller controller, Instant now)
    {
        ServiceIndex service = services.After(controller.Record.DumpCursor);
        if (service.IsNone)
        {
            return false;
        }

        ref readonly ServiceRecord record = ref services[service];
        EventLine line = new(_scratch.Span);
        ServiceEvents.State(ref line, services, service, now);
        controller.Tell(line.Written);
        line = new EventLine(_scratch.Span);
        Events.ServiceTags(ref line, record.Name.Value, services.Tags(service));
        controller.Tell(line.Written);
        line = new EventLine(_scratch.Span);
        Events.ServiceArgs(ref line, record.Name.Value, services.Args(service));
        controller.Tell(line.Written);
        line = new EventLine(_scratch.Span);
        Events.ServiceFds(ref line, record.Name.Value, services.Fds(service));
        controller.Tell(line.Written);
        line = new EventLine(_scratch.Span);
        ServiceEvents.AutoUp(ref line, services, service);
        controller.Tell(line.Written);
        MoveTo(controller, record.Name);
        return true;
    }

    private bool TryDumpSignal(Controller controller)
    {
        int signal = signals.PendingAfter(controller.Record.DumpSignalTime, controller.Record.DumpSignal);
        if (signal == 0)
        {
            return false;
        }

        EventLine line = new(_scratch.Span);
        signals.Write(ref line, signal);
        controller.Tell(line.Written);
        using Change<ControllerRecord> change = controller.Change();
        change.Record.DumpSignal = signal;
        change.Record.DumpSignalTime = signals.LastArrival(signal);
        return true;
    }

    private static void MoveTo(Controller controller, in FixedName name)
    {
        using Change<ControllerRecord> change = controller.Change();
        change.Record.DumpCursor = name;
    }
}
