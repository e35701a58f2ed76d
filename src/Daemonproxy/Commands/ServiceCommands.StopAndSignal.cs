using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Services;

namespace Daemonproxy.Commands;

/// <summary>Commands that signal and stop services.</summary>
internal sealed partial class ServiceCommands
{
    public CommandError ServiceSignal(scoped in ServiceSignalArguments arguments)
    {
        ref readonly ServiceRecord record = ref services[arguments.Name];
        SignalOptionSet options = arguments.Options.IsGiven ? arguments.Options.Value : SignalOptionSet.None;
        bool isForTree = (options.Flags & SignalOptions.Tree) != 0;

        // Sent signals count, even if the tree is empty by now.
        if (isForTree && helper.TryTakeAnswer(out HelperAnswer answer, out HelperSlot done))
        {
            return answer.Reason != Errno.None ? Errors.CannotKill(record.Name.Value, record.Pid, answer.Reason)
                : done.Plan.Trees.Entries[0] is { Found: 0 } or { IsReused: true } ? Errors.NotRunning
                : CommandError.None;
        }

        if (record.State != ServiceState.Up && !(isForTree && record.Tree == TreeState.Left))
        {
            return Errors.NotRunning;
        }

        if ((options.Flags & SignalOptions.Pid) != 0 && record.Pid.Value != options.Pid)
        {
            return Errors.OtherProcess;
        }

        if (isForTree)
        {
            return SignalTree(arguments.Name, arguments.Signal);
        }

        if ((options.Flags & SignalOptions.Group) != 0)
        {
            Errno refused = kernel.KillGroup(record.Pid, arguments.Signal);
            return refused == Errno.None
                ? NoteSignal(arguments.Name, arguments.Signal)
                : Errors.CannotKillGroup(record.Name.Value, record.Pid, refused);
        }

        return Kill(arguments.Name, arguments.Signal);
    }

    public CommandError ServiceStop(scoped in ServiceStopArguments arguments)
    {
        Signal signal = arguments.Signal.IsGiven ? arguments.Signal.Value : new Signal(Signal.SIGTERM);
        launcher.CancelLaunch(arguments.Name, context.Now);
        Errno refused = manager.Stop(arguments.Name, arguments.Seconds, signal, context.Now);
        ref readonly ServiceRecord record = ref services[arguments.Name];
        return refused == Errno.None
            ? CommandError.None
            : Errors.CannotKill(record.Name.Value, record.Pid, refused);
    }

    private CommandError Kill(ServiceIndex service, Signal signal)
    {
        ref readonly ServiceRecord record = ref services[service];
        Errno errno = kernel.Kill(record.Pid, signal);
        return errno == Errno.None
            ? NoteSignal(service, signal)
            : Errors.CannotKill(record.Name.Value, record.Pid, errno);
    }

    private CommandError NoteSignal(ServiceIndex service, Signal signal)
    {
        runs.NoteSignal(service, signal, context.Now);
        return CommandError.None;
    }

    // A helper finds the processes. If it finds none, they have ended before.
    private CommandError SignalTree(ServiceIndex service, Signal signal)
    {
        ref readonly ServiceRecord record = ref services[service];
        if (!record.HasTree)
        {
            return Errors.NoTree;
        }

        // The helper would refuse it without a word.
        if (signal.Number is < 0 or > Signal.Highest)
        {
            return Errors.CannotKill(record.Name.Value, record.Pid, Errno.EINVAL);
        }

        Errno refused = Errno.None;
        if (helper.TryPrepare(HelperTask.WalkTrees, default, out HelperSlot slot))
        {
            ProcessScanTarget tree = new()
            {
                Session = ServiceManager.SessionOf(record),
                Signal = signal.Number,
                IsLeaderGone = record.State != ServiceState.Up,
            };
            bool hasRoom = slot.TryAddTree(tree, ServiceManager.GroupOf(services, service));
            Assertion.Require(hasRoom);
            slot.Plan.Trees.Watch = FdNumber.None;
            refused = helper.Start(slot);
        }

        // The process may have ended by the signal before the helper has answered.
        return refused == Errno.None
            ? NoteSignal(service, signal)
            : Errors.CannotKill(record.Name.Value, record.Pid, refused);
    }
}
