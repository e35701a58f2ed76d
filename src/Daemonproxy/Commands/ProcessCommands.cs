using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Commands;

/// <summary>Commands about the daemon's own process.</summary>
internal sealed partial class CommandHandler
{
    public CommandError Chdir(scoped in ChdirArguments arguments)
    {
        arguments.Path.CopyTo(_path.Span);
        Errno errno = kernel.ChangeDirectory(TerminatedPath(arguments.Path.Length));
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
}
