using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Programs;

/// <summary>
/// Daemons of Debian 12 that know sd_notify(3): each tells that it is ready, some that they reload on SIGHUP, and most
/// that they stop. docs/PROGRAMS.md has the table.
/// </summary>
public class NotifyingProgramTests
{
    /// <summary>What a program says beyond READY=1.</summary>
    public enum Says
    {
        /// <summary>Nothing.</summary>
        Ready,

        /// <summary>STOPPING=1.</summary>
        Stopping,

        /// <summary>RELOADING=1 and READY=1 on SIGHUP or SIGUSR2, and STOPPING=1.</summary>
        Reloading,
    }

    [Theory]
    [ProgramData("/usr/bin/redis-server", "--supervised⇥systemd⇥--port⇥{port}⇥--save⇥", Says.Stopping, "HUP")]
    [ProgramData("/usr/sbin/haproxy", "-Ws⇥-f⇥{config}", Says.Reloading, "USR2")]
    [ProgramData("/usr/sbin/unbound", "-d⇥-c⇥{config}", Says.Reloading, "HUP")]
    [ProgramData(
        "/usr/bin/dbus-daemon",
        "--session⇥--nofork⇥--nopidfile⇥--address=unix:path={folder}/bus",
        Says.Reloading,
        "HUP")]
    [ProgramData("/usr/sbin/knotd", "-c⇥{config}", Says.Reloading, "HUP")]
    [ProgramData("/usr/sbin/mosquitto", "-p⇥{port}", Says.Ready, "HUP")]
    [ProgramData("/usr/sbin/php-fpm8.2", "-F⇥-y⇥{config}", Says.Ready, "")]
    public void ItTellsHowItIs(string program, string arguments, Says says, string reload)
    {
        using Scratch scratch = new();
        File.SetUnixFileMode(scratch["."], (UnixFileMode)0x1FF);
        string config = scratch.Write("config", ConfigOf(program, scratch["."], FreePort()));
        string words = arguments
            .Replace("{port}", FreePort().ToString(CultureInfo.InvariantCulture), System.StringComparison.Ordinal)
            .Replace("{config}", config, System.StringComparison.Ordinal)
            .Replace("{folder}", scratch["."], System.StringComparison.Ordinal);
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        daemon.Send(
            "service.process⇥a⇥session", "service.ready⇥a⇥notify", $"service.args⇥a⇥{program}⇥{words}",
            "service.start⇥a");
        int process = daemon.AwaitUp("a");
        daemon.Await("service.is_ready⇥a⇥*");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        if (says == Says.Reloading)
        {
            daemon.Send($"service.signal⇥a⇥{reload}");
            daemon.Await("service.is_ready⇥a⇥-");
            daemon.Await("service.is_ready⇥a⇥*");
        }

        // haproxy executes itself anew to reload: SIGTERM would end it until it has its handlers again.
        Patience.Until(() => CatchesSigterm(process), "it catches SIGTERM");
        daemon.Send("service.stop⇥a⇥20");
        if (says != Says.Ready)
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
            .First(line => line.StartsWith("SigCgt:", System.StringComparison.Ordinal));
        return (ulong.Parse(caught[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1 << 14)) != 0;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string ConfigOf(string program, string folder, int port) => Path.GetFileName(program) switch
    {
        "haproxy" => $"""
            defaults
              mode tcp
              timeout client 1s
              timeout server 1s
              timeout connect 1s
            frontend f
              bind 127.0.0.1:{port}
              default_backend b
            backend b
              server s 127.0.0.1:1

            """,
        "unbound" => $"""
            server:
              interface: 127.0.0.1@{port}
              do-daemonize: no
              use-syslog: no
              chroot: ""
              username: "unbound"
              pidfile: ""
              directory: "{folder}"
            remote-control:
              control-enable: no

            """,
        "knotd" => $"""
            server:
              rundir: "{folder}"
              listen: 127.0.0.1@{port}
            database:
              storage: "{folder}/database"

            """,
        "php-fpm8.2" => $"""
            [global]
            error_log={folder}/log
            [www]
            user=www-data
            group=www-data
            listen={folder}/socket
            pm=static
            pm.max_children=1

            """,
        _ => "",
    };
}
