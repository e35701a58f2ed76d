using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Startup;

/// <summary>Logs which sizes of pools were out of bounds, and the sizes used instead.</summary>
internal static class PoolWarnings
{
    public static void Say(StartupLog log, StartOptions options, in TableCapacities sizes)
    {
        if (options.Fds is { } fds)
        {
            Say(log, "--fd-pool: "u8, "records"u8, fds.Records, sizes.Fds);
            Say(log, "--fd-pool: "u8, "bytes of a record"u8, fds.RecordBytes ?? sizes.FdText, sizes.FdText);
        }

        if (options.Services is { } services)
        {
            long bytes = services.RecordBytes ?? sizes.ServiceText;
            Say(log, "--service-pool: "u8, "records"u8, services.Records, sizes.Services);
            Say(log, "--service-pool: "u8, "bytes of a record"u8, bytes, sizes.ServiceText);
        }
    }

    /// <summary>The same of the number of controllers.</summary>
    public static void SayControllers(StartupLog log, int asked, int taken) =>
        Say(log, "--controllers: "u8, "slots"u8, asked, taken);

    private static void Say(StartupLog log, ReadOnlySpan<byte> option, ReadOnlySpan<byte> what, long asked, int taken)
    {
        if (asked != taken)
        {
            LineWriter line = new(new byte[128]);
            line.Text(option);
            line.Integer(asked);
            line.Byte((byte)' ');
            line.Text(what);
            line.Text(asked < taken ? " is below the minimum; taking "u8 : " is above the maximum; taking "u8);
            line.Integer(taken);
            log.Say(LogLevel.Warning, line.Written);
        }
    }
}
