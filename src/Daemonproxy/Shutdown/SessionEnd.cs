using Daemonproxy.Connections;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Shutdown;

/// <summary>The end of the interactive session ends the daemon, unless a guard or process 1 keeps it.</summary>
internal sealed class SessionEnd(DaemonSettings settings, ShutdownState shutdown, Log log)
    : ISessionEnd
{
    public void Note()
    {
        if (shutdown.Guard != 0)
        {
            LogMessages.SessionEndedGuarded(log);
        }
        else if (settings.IsInit && !shutdown.HasExec)
        {
            log.Say(LogLevel.Error, "(attempting to continue) interactive session ended"u8);
        }
        else
        {
            LogMessages.SessionEnded(log);
            shutdown.End(ExitCode.Success, LogMessages.SessionEndedText);
        }
    }
}
