using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Services;

namespace Daemonproxy.Shutdown;

/// <summary>What the log says on the way out: that the daemon ends, and what it leaves running.</summary>
internal static class ShutdownLog
{
    public static void Say(Log log, ServiceTable services)
    {
        LogMessages.Exiting(log);
        for (int index = 0; index < services.HighWater; index++)
        {
            ref readonly ServiceRecord record = ref services[new ServiceIndex(index)];
            if (record.State == ServiceState.Up)
            {
                LogMessages.StillRunning(log, record.Name.Value, record.Pid);
            }
        }
    }
}
