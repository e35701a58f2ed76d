using Daemonproxy.Connections;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Rescue;
using Daemonproxy.Services;
using Daemonproxy.Shutdown;
using Daemonproxy.State;

namespace Daemonproxy.Commands;

/// <summary>
/// The end of a config file. A daemon whose config requested a control socket and did not get one continues, unless it
/// can never get any work: no service, no controller, no other config file.
/// </summary>
internal sealed class ConfigEnd(
    ConnectionTable connections,
    ServiceTable services,
    ControlSockets sockets,
    DaemonSettings settings,
    ShutdownState state,
    RescueService rescue,
    Log log)
{
    /// <summary>This config file is read, and its connection closes.</summary>
    public void Note(Connection config)
    {
        rescue.NoteConfigEnd(config);
        if (!sockets.IsRefused || services.Used > 0 || state.IsEnding || connections.HasOther(config))
        {
            return;
        }

        if (state.Guard != 0 || (settings.IsInit && !state.HasExec))
        {
            log.Say(LogLevel.Fatal, "(attempting to continue) Can't create controller socket"u8);
            return;
        }

        LogMessages.NoSocket(log);
        state.End(ExitCode.BadEnvironment, LogMessages.NoSocketText);
    }
}
