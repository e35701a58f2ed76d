using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Programs;

/// <summary>
/// Daemons of Debian 12 that know sd_notify(3), each of which does something in a way of its own.
/// </summary>
public class PeculiarProgramTests
{
    private const string Etcd = "/usr/bin/etcd";
    private const string Postgres = "/usr/lib/postgresql/15/bin/postgres";
    private const string Squid = "/usr/sbin/squid";
    private const string Sshd = "/usr/sbin/sshd";
    private const string Transmission = "/usr/bin/transmission-daemon";

    // Some ms before anybody can connect.
    [ProgramFact(Squid)]
    public void SquidIsReadyByAChild()
    {
        using Scratch scratch = Open(Squid, out int _);
        using Daemon daemon = Start($"{Squid}⇥--foreground⇥-f⇥{scratch["config"]}");
        int process = daemon.AwaitUp("a");
        daemon.Await("service.is_ready⇥a⇥*");
        Assert.NotEmpty(Proc.Children(process));

        Stop(daemon);
    }

    // It executes itself anew, and says READY=1 again: no event, and the run is the same.
    [ProgramFact(Sshd)]
    public void SshdStaysReadyAsItExecutesItselfAnew()
    {
        using Scratch scratch = Open(Sshd, out int port);
        using ChildProcess generator = new Launch(
            "/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", scratch["key"]).Start();
        Assert.Equal(0, generator.AwaitExit().Status);
        Directory.CreateDirectory("/run/sshd");
        using Daemon daemon = Start($"{Sshd}⇥-D⇥-E⇥{scratch["log"]}⇥-f⇥{scratch["config"]}");
        int process = daemon.AwaitUp("a");
        daemon.Await("service.is_ready⇥a⇥*");
        daemon.Send("service.signal⇥a⇥HUP");
        Patience.Until(
            () => File.ReadLines(scratch["log"]).Count(
                line => line.StartsWith("Server listening", StringComparison.Ordinal)) == 2,
            "it listens again");
        Assert.StartsWith("SSH-2.0-", Answer(port, ""), StringComparison.Ordinal);
        Assert.True(Proc.IsAlive(process));

        Stop(daemon);
        Assert.Single(
            daemon.Heard.Split('\n'), line => line.StartsWith("service.is_ready\ta\t", StringComparison.Ordinal));
    }

    // SIGTERM would wait for its clients.
    [ProgramFact(Postgres)]
    public void PostgresHasASignalOfItsOwnToStop()
    {
        using Scratch scratch = Open(Postgres, out int _);
        string home = scratch["home"];
        using Daemon daemon = Daemon.Interactive();
        daemon.Send($"service.args⇥home⇥/usr/bin/install⇥-d⇥-o⇥postgres⇥{home}", "service.start⇥home");
        daemon.Await("service.state⇥home⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Send(
            $"service.args⇥init⇥{Path.GetDirectoryName(Postgres)}/initdb⇥-D⇥{home}/data⇥--no-sync⇥-A⇥trust",
            "service.user⇥init⇥postgres", $"service.dir⇥init⇥{home}", "service.start⇥init");
        daemon.Await("service.state⇥init⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Send(
            "service.user⇥a⇥postgres", $"service.dir⇥a⇥{home}", "service.process⇥a⇥session", "service.ready⇥a⇥notify",
            $"service.args⇥a⇥{Postgres}⇥-D⇥{home}/data⇥-k⇥{home}⇥-c⇥listen_addresses=", "service.start⇥a");
        daemon.Await("service.is_ready⇥a⇥*");
        using (Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            client.Connect(new UnixDomainSocketEndPoint($"{home}/.s.PGSQL.5432"));
        }

        Stop(daemon, "service.stop⇥a⇥20⇥INT", "service.is_ready⇥a⇥-");
    }

    [ProgramFact(Etcd)]
    public void EtcdEndsByTheSignal()
    {
        using Scratch scratch = Open(Etcd, out int port);
        string url = $"http://127.0.0.1:{port}";
        using Daemon daemon = Start(
            $"{Etcd}⇥--data-dir⇥{scratch["data"]}⇥--listen-client-urls⇥{url}⇥--advertise-client-urls⇥{url}"
                + $"⇥--listen-peer-urls⇥http://127.0.0.1:{ProgramConfig.FreePort()}");
        daemon.Await("service.is_ready⇥a⇥*");
        Assert.Contains(" 200 ", Answer(port, "GET /health HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);

        Stop(daemon, end: "signal⇥SIGTERM");
    }

    // MAINPID, its own, comes before READY=1, and a STATUS while it closes.
    [ProgramFact(Transmission)]
    public void TransmissionSaysItsStatusToTheEnd()
    {
        using Scratch scratch = Open(Transmission, out int _);
        File.Move(scratch["config"], scratch["settings.json"]);
        using Daemon daemon = Start($"{Transmission}⇥-f⇥-g⇥{scratch["."]}");
        daemon.Await("service.is_ready⇥a⇥*");
        daemon.Await("service.status⇥a⇥Idle.");

        Stop(daemon, "service.stop⇥a⇥20", "service.status⇥a⇥Closing transmission session...");
    }

    private static Scratch Open(string program, out int port)
    {
        Scratch scratch = new();
        File.SetUnixFileMode(scratch["."], (UnixFileMode)0x1FF);
        port = ProgramConfig.FreePort();
        scratch.Write("config", ProgramConfig.ConfigOf(program, scratch["."], port));
        return scratch;
    }

    private static Daemon Start(string arguments)
    {
        Daemon daemon = Daemon.Interactive();
        daemon.Send(
            "service.process⇥a⇥session", "service.ready⇥a⇥notify", $"service.args⇥a⇥{arguments}", "service.start⇥a");
        return daemon;
    }

    private static void Stop(
        Daemon daemon, string command = "service.stop⇥a⇥20", string? says = null, string end = "exit⇥0")
    {
        daemon.Send(command);
        if (says is not null)
        {
            daemon.Await(says);
        }

        daemon.Await($"service.state⇥a⇥down⇥*⇥*⇥{end}⇥*⇥*");
        daemon.Await("service.empty⇥a⇥*");
    }

    // What a server says first, to this.
    private static string Answer(int port, string request)
    {
        using TcpClient client = new();
        client.Connect(IPAddress.Loopback, port);
        NetworkStream stream = client.GetStream();
        stream.Write(Encoding.ASCII.GetBytes(request));
        byte[] answer = new byte[64];
        return Encoding.ASCII.GetString(answer, 0, stream.Read(answer));
    }
}
