using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>Commands about the daemon's own process.</summary>
internal sealed partial class CommandHandler
{
    public CommandError SignalClear(scoped in SignalClearArguments arguments)
    {
        signals.Clear(arguments.Signal, arguments.Count);
        return CommandError.None;
    }

    public CommandError DebugCrash(scoped in DebugCrashArguments arguments)
    {
        DeliberateCrash.Do(arguments.Kind);
        return CommandError.None;
    }
}
