using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>Commands about the daemon's own process.</summary>
internal sealed partial class CommandHandler
{
    public CommandError Terminate(scoped in TerminateArguments arguments)
    {
        lifetime.End((int)(arguments.Code & 0xFF));
        return CommandError.None;
    }

    public CommandError DebugCrash(scoped in DebugCrashArguments arguments)
    {
        DeliberateCrash.Do(arguments.Kind);
        return CommandError.None;
    }
}
