using Daemonproxy.Connections;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Shutdown;

/// <summary>The end of the interactive session ends the daemon, unless a guard or process 1 keeps it.</summary>
internal sealed class SessionEnd(SystemCalls kernel, DaemonSettings settings, ShutdownState shutdown, Log log)
    : ISessionEnd
{
    public void BeforeClose(FdNumber output)
    {
        if (shutdown.IsOutputOurs)
        {
            // The flag belongs to the open file, which outlives this process where another one has it.
            kernel.SetNonblocking(output, false);
        }
    }

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

    // Noted last: a resume in between finds that the flag is ours to set again.
    public void AfterClose() => shutdown.OwnOutput(false);
}
