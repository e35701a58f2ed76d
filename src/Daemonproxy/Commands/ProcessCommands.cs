using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Shutdown;
using Daemonproxy.Signals;
using Daemonproxy.State;
using Daemonproxy.Upgrade;

namespace Daemonproxy.Commands;

/// <summary>Commands about the daemon's own process: its end, the guard against that, upgrades and crashes.</summary>
internal sealed class ProcessCommands(
    CommandContext context,
    StateImage image,
    PendingSignals signals,
    ShutdownState state,
    UpgradeSequence upgrade,
    CommandHelper helper) : IProcessCommands
{
    public CommandError Terminate(scoped in TerminateArguments arguments)
    {
        CommandError guarded = CheckGuard(arguments.Guard);
        if (!guarded.IsNone)
        {
            return guarded;
        }

        if (state.MustNotExit && !state.HasExec)
        {
            return Errors.CannotExit;
        }

        state.End((int)(arguments.Code & 0xFF), "terminated normally"u8);
        return CommandError.None;
    }

    public CommandError TerminateExecArgs(scoped in TerminateExecArgsArguments arguments)
    {
        if (arguments.Args.Length > Limits.ExecArgs)
        {
            return Errors.ExecTooLong;
        }

        state.SetExec(arguments.Args);
        return CommandError.None;
    }

    public CommandError TerminateGuard(scoped in TerminateGuardArguments arguments)
    {
        if (arguments.Code == 0)
        {
            return Errors.GuardZero;
        }

        if (arguments.OperationIsPlus)
        {
            if (state.Guard != 0)
            {
                return Errors.GuardIsSet;
            }

            state.SetGuard(arguments.Code);
            return CommandError.None;
        }

        if (state.Guard == 0)
        {
            return Errors.GuardNotSet;
        }

        if (state.Guard != arguments.Code)
        {
            return Errors.WrongGuard;
        }

        state.SetGuard(0);
        return CommandError.None;
    }

    public CommandError Reexec(scoped in ReexecArguments arguments)
    {
        bool hasAnswer = helper.TryTakeAnswer(out HelperAnswer answer);
        CommandError refused = CheckGuard(arguments.Guard);
        refused = refused.IsNone ? upgrade.FindObstacle() : refused;
        if (!refused.IsNone)
        {
            Drop(hasAnswer, answer);
            return refused;
        }

        Errno errno = hasAnswer ? answer.Reason : Errno.None;
        if (errno == Errno.None && hasAnswer)
        {
            upgrade.Begin(context.Connection, context.Line, answer.Fd, isOwn: false);
        }
        else if (errno == Errno.None && arguments.PathIsDash)
        {
            errno = upgrade.BeginOwn(context.Connection, context.Line);
        }
        else if (errno == Errno.None && helper.TryPrepare(HelperTask.OpenProgram, arguments.Path, out HelperSlot slot))
        {
            errno = helper.Start(slot);
        }

        return errno == Errno.None ? CommandError.None : Errors.ReexecRefused(errno.Text());
    }

    public CommandError Chdir(scoped in ChdirArguments arguments)
    {
        Errno errno = Errno.None;
        if (helper.TryTakeAnswer(out HelperAnswer answer))
        {
            errno = answer.Reason;
        }
        else if (helper.TryPrepare(HelperTask.ChangeDirectory, arguments.Path, out HelperSlot slot))
        {
            errno = helper.Start(slot);
        }

        return errno == Errno.None ? CommandError.None : Errors.ChdirFailed(errno);
    }

    public CommandError SignalClear(scoped in SignalClearArguments arguments)
    {
        signals.Clear(arguments.Signal, arguments.Count);
        return CommandError.None;
    }

    public CommandError DebugCrash(scoped in DebugCrashArguments arguments)
    {
        if (arguments.Point.IsGiven)
        {
            image.Arm(arguments.Kind, arguments.Point.Value);
        }
        else
        {
            DeliberateCrash.Do(arguments.Kind);
        }

        return CommandError.None;
    }

    // The program was opened, and meanwhile something came in between.
    private void Drop(bool hasAnswer, in HelperAnswer answer)
    {
        if (hasAnswer && !answer.Fd.IsNone)
        {
            helper.Close(answer.Fd, FdBlocking.None);
        }
    }

    private CommandError CheckGuard(Optional<long> code)
    {
        if (state.Guard == 0)
        {
            return CommandError.None;
        }

        return !code.IsGiven ? Errors.GuardRequired
            : code.Value != state.Guard ? Errors.WrongTerminateGuard
            : CommandError.None;
    }
}
