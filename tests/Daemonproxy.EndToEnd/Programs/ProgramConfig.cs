using System.IO;
using System.Net;
using System.Net.Sockets;

namespace Daemonproxy.EndToEnd.Programs;

/// <summary>Config files by which a daemon of Debian runs in a folder and on a port of its own.</summary>
internal static class ProgramConfig
{
    /// <summary>A port of 127.0.0.1 that nobody has at the moment.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The text of its config file.</summary>
    public static string ConfigOf(string program, string folder, int port) => Path.GetFileName(program) switch
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
        "nsd" => $"""
            server:
              ip-address: 127.0.0.1@{port}
              username: ""
              chroot: ""
              database: ""
              zonesdir: "{folder}"
              pidfile: ""
              xfrdfile: ""
              zonelistfile: "{folder}/zones"
              xfrdir: "{folder}"
            remote-control:
              control-enable: no

            """,
        "named" => $$"""
            options {
              directory "{{folder}}";
              listen-on port {{port}} { 127.0.0.1; };
              listen-on-v6 { none; };
              pid-file none;
              session-keyfile none;
              recursion no;
            };
            controls { };

            """,
        "tor" => $"""
            DataDirectory {folder}/tor
            SocksPort 0
            DisableNetwork 1

            """,
        "squid" => $"""
            http_port 127.0.0.1:{port}
            pid_filename none
            access_log none
            cache_log {folder}/log
            coredump_dir {folder}
            netdb_filename none
            pinger_enable off
            shutdown_lifetime 0 seconds

            """,
        "sshd" => $"""
            ListenAddress 127.0.0.1:{port}
            HostKey {folder}/key
            PidFile none

            """,
        "transmission-daemon" => $$"""
            {
              "rpc-bind-address": "127.0.0.1", "rpc-port": {{port}}, "bind-address-ipv4": "127.0.0.1",
              "peer-port": {{FreePort()}}, "port-forwarding-enabled": false, "dht-enabled": false,
              "lpd-enabled": false, "pex-enabled": false, "utp-enabled": false
            }

            """,
        _ => "",
    };
}
