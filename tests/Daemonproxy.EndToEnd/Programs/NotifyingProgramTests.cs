using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Programs;

/// <summary>
/// Daemons of Debian 12 that know sd_notify(3): each tells that it is ready, some that they reload on SIGHUP, and most
/// that they stop. docs/PROGRAMS.md has the table.
/// </summary>
public class NotifyingProgramTests
{
    /// <summary>The messages of a program beyond READY=1.</summary>
    [Flags]
    public enum Says
    {
        /// <summary>Nothing.</summary>
        Ready = 0,

        /// <summary>STOPPING=1.</summary>
        Stopping = 1,

        /// <summary>RELOADING=1 and READY=1 on SIGHUP or SIGUSR2.</summary>
        Reloading = 2,

        /// <summary>All of that.</summary>
        All = 3,
    }

    [Theory]
    [ProgramData("/usr/bin/redis-server", "--supervised⇥systemd⇥--port⇥{port}⇥--save⇥", Says.Stopping, "HUP")]
    [ProgramData("/usr/sbin/haproxy", "-Ws⇥-f⇥{config}", Says.All, "USR2")]
    [ProgramData("/usr/sbin/unbound", "-d⇥-c⇥{config}", Says.All, "HUP")]
    [ProgramData(
        "/usr/bin/dbus-daemon",
        "--session⇥--nofork⇥--nopidfile⇥--address=unix:path={folder}/bus",
        Says.All,
        "HUP")]
    [ProgramData("/usr/sbin/knotd", "-c⇥{config}", Says.All, "HUP")]
    [ProgramData("/usr/sbin/nsd", "-d⇥-c⇥{config}", Says.All, "HUP")]
    [ProgramData("/usr/sbin/named", "-f⇥-c⇥{config}", Says.All, "HUP")]
    [ProgramData("/usr/bin/tor", "-f⇥{config}", Says.Reloading, "HUP")]
    [ProgramData("/usr/sbin/mosquitto", "-p⇥{port}", Says.Ready, "HUP")]
    [ProgramData("/usr/sbin/php-fpm8.2", "-F⇥-y⇥{config}", Says.Ready, "")]
    public void TheProgramReportsItsState(string program, string arguments, Says says, string reload)
    {
        using Scratch scratch = new();
        File.SetUnixFileMode(scratch["."], (UnixFileMode)0x1FF);
        int port = ProgramConfig.FreePort();
        string config = scratch.Write("config", ProgramConfig.ConfigOf(program, scratch["."], port));
        string words = arguments
            .Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{config}", config, StringComparison.Ordinal)
            .Replace("{folder}", scratch["."], StringComparison.Ordinal);
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        daemon.Send(
            "service.process⇥a⇥session", "service.ready⇥a⇥notify", $"service.args⇥a⇥{program}⇥{words}",
            "service.start⇥a");
        int process = daemon.AwaitUp("a");
        daemon.Await("service.is_ready⇥a⇥*");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        if (says.HasFlag(Says.Reloading))
        {
            daemon.Send($"service.signal⇥a⇥{reload}");
            daemon.Await("service.is_ready⇥a⇥-");
            daemon.Await("service.is_ready⇥a⇥*");
        }

        if (reload == "USR2")
        {
            // haproxy executes itself anew to reload: SIGTERM would end it until it has its handlers again.
            Patience.Until(() => CatchesSigterm(process), "it catches SIGTERM");
        }

        if (program.EndsWith("mosquitto", StringComparison.Ordinal))
        {
            // A SIGTERM before it has entered its loop is lost: findings/mosquitto-sigterm-after-ready-is-lost.sh.
            Proc.AwaitRest(process, "mosquitto");
        }

        daemon.Send("service.stop⇥a⇥20");
        if (says.HasFlag(Says.Stopping))
        {
            daemon.Await("service.is_ready⇥a⇥-");
        }

        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Await("service.empty⇥a⇥*");
    }

    // Bit 14 of the signals that are caught, proc(5).
    private static bool CatchesSigterm(int process)
    {
        string caught = File.ReadLines($"/proc/{process}/status")
            .First(line => line.StartsWith("SigCgt:", StringComparison.Ordinal));
        return (ulong.Parse(caught[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1 << 14)) != 0;
    }
}
