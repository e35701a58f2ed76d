using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Services;

namespace Daemonproxy;

/// <summary>What the log says on the way out: that the daemon ends, and what it leaves running.</summary>
internal static class Farewell
{
    public static void Say(Log log, ServiceTable services)
    {
        log.Say(LogLevel.Info, "daemonproxy exiting"u8);
        for (int index = 0; index < services.HighWater; index++)
        {
            ref readonly ServiceRecord record = ref services[new ServiceIndex(index)];
            if (record.State == ServiceState.Up && log.Wants(LogLevel.Warning))
            {
                EventLine line = log.Begin(LogLevel.Warning);
                line.Text("service '"u8);
                line.Name(record.Name.Value);
                line.Text("' running as pid "u8);
                line.Pid(record.Pid);
                log.End(ref line);
            }
        }
    }
}
