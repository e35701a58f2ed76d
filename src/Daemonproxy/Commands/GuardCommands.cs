using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>Commands about the end of the daemon: ending it, and guarding it against that.</summary>
internal sealed partial class CommandHandler
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
        CommandError guarded = CheckGuard(arguments.Guard);
        if (!guarded.IsNone)
        {
            return guarded;
        }

        arguments.Path.CopyTo(_path.Span);
        return upgrade.Begin(
            context.Connection, context.Line, arguments.PathIsDash ? default : TerminatedPath(arguments.Path.Length));
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
