using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>Commands about the end of the daemon: ending it, and guarding it against that.</summary>
internal sealed partial class CommandHandler
{
    public CommandError Terminate(scoped in TerminateArguments arguments)
    {
        if (lifetime.Guard != 0)
        {
            if (!arguments.Guard.IsGiven)
            {
                return Errors.GuardRequired;
            }

            return arguments.Guard.Value != lifetime.Guard ? Errors.WrongTerminateGuard : Errors.CannotExit;
        }

        lifetime.End((int)(arguments.Code & 0xFF));
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
            if (lifetime.Guard != 0)
            {
                return Errors.GuardIsSet;
            }

            lifetime.SetGuard(arguments.Code);
            return CommandError.None;
        }

        if (lifetime.Guard == 0)
        {
            return Errors.GuardNotSet;
        }

        if (lifetime.Guard != arguments.Code)
        {
            return Errors.WrongGuard;
        }

        lifetime.SetGuard(0);
        return CommandError.None;
    }
}
