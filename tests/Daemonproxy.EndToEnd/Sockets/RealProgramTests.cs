using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Sockets;

/// <summary>
/// Real programs that are started by their first client, take the listener in their own ways, and serve on over a crash
/// of the daemon. docs/ACTIVATION.md has the table of them.
/// </summary>
public class RealProgramTests
{
    private const string Application = """
        def app(environ, start):
            start("200 OK", [("Content-Type", "text/plain")])
            return [b"hello"]
        """;

    private const string BusConfig = """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
         "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig><type>session</type><listen>systemd:</listen><auth>EXTERNAL</auth>
        <policy context="default"><allow send_destination="*"/><allow own="*"/><allow user="*"/></policy></busconfig>
        """;

    [ProgramFact("/usr/sbin/lighttpd")]
    public void LighttpdTakesItsListenerByItsSetting()
    {
        using Scratch scratch = new();
        IPEndPoint end = FreeEnd();
        scratch.Write("index.html", "hello");
        string config = scratch.Write("config", $"""
            server.document-root = "{scratch["."]}"
            server.bind = "127.0.0.1"
            server.port = {FreeEnd().Port}
            server.systemd-socket-activation = "enable"
            index-file.names = ( "index.html" )

            """);
        AssertServes(end, $"tcp,listen,nonblock⇥{end}", true, $"/usr/sbin/lighttpd⇥-D⇥-f⇥{config}");
    }

    [ProgramFact("/usr/bin/gunicorn")]
    public void GunicornTakesAUnixSocket()
    {
        using Scratch scratch = new();
        scratch.Write("app.py", Application);
        AssertServes(
            new UnixDomainSocketEndPoint(scratch["socket"]), $"unix,listen,nonblock⇥{scratch["socket"]}", true,
            "/usr/bin/gunicorn⇥app:app", $"service.dir⇥a⇥{scratch["."]}");
    }

    [ProgramFact("/usr/bin/gunicorn")]
    public void GunicornTakesTheNumberOfItsListener()
    {
        using Scratch scratch = new();
        IPEndPoint end = FreeEnd();
        scratch.Write("app.py", Application);
        AssertServes(
            end, $"tcp,listen,nonblock⇥{end}", false, "/usr/bin/gunicorn⇥-b⇥fd://3⇥app:app",
            $"service.dir⇥a⇥{scratch["."]}");
    }

    [ProgramFact("/usr/bin/gunicorn")]
    public void GunicornThatRemovesTheFileOfItsListenerIsReachedAgain()
    {
        using Scratch scratch = new();
        scratch.Write("app.py", Application);
        AssertIsReachedAgain(
            scratch["socket"], "/usr/bin/gunicorn⇥-b⇥fd://3⇥app:app", $"service.dir⇥a⇥{scratch["."]}",
            "GET / HTTP/1.0\r\n\r\n", "hello");
    }

    [ProgramFact("/usr/sbin/php-fpm8.2")]
    public void PhpThatRemovesTheFileOfItsListenerIsReachedAgain()
    {
        using Scratch scratch = new();
        string path = scratch["socket"];
        string config = scratch.Write("config", $"""
            [global]
            error_log = /dev/stderr
            [pool]
            user = nobody
            group = nogroup
            listen = {path}
            pm = static
            pm.max_children = 1
            ping.path = /ping

            """);
        AssertIsReachedAgain(
            path, $"/usr/sbin/php-fpm8.2⇥-F⇥-y⇥{config}", $"service.env⇥a⇥FPM_SOCKETS={path}=3", Ping(), "pong");
    }

    [ProgramFact("/usr/sbin/haproxy")]
    public void HaproxyTakesTheNumberOfItsListener()
    {
        using Scratch scratch = new();
        IPEndPoint end = FreeEnd();
        string config = scratch.Write("config", """
            defaults
              mode http
              timeout client 9s
              timeout server 9s
              timeout connect 9s
            frontend f
              bind fd@3
              http-request return status 200 content-type text/plain string hello

            """);
        AssertServes(end, $"tcp,listen,nonblock⇥{end}", false, $"/usr/sbin/haproxy⇥-db⇥-f⇥{config}");
    }

    [ProgramFact("/usr/sbin/nginx")]
    public void NginxTakesTheNumberOfItsListenerByAVariable()
    {
        using Scratch scratch = new();
        IPEndPoint end = FreeEnd();
        string folder = scratch["."];
        string config = scratch.Write("config", $$"""
            daemon off; worker_processes 1; pid {{folder}}/pid; error_log stderr;
            events {}
            http {
              access_log off; client_body_temp_path {{folder}}/1; proxy_temp_path {{folder}}/2;
              fastcgi_temp_path {{folder}}/3; uwsgi_temp_path {{folder}}/4; scgi_temp_path {{folder}}/5;
              server { listen {{end}}; location / { return 200 hello; } }
            }

            """);
        AssertServes(
            end, $"tcp,listen,nonblock⇥{end}", false, $"/usr/sbin/nginx⇥-c⇥{config}", "service.env⇥a⇥NGINX=3;");
    }

    [ProgramFact("/usr/bin/dbus-daemon")]
    public void DbusDaemonTakesItsListener()
    {
        using Scratch scratch = new();
        string config = scratch.Write("config", BusConfig);
        string number = Proc.Status(Environment.ProcessId, "Uid").Split('\t')[0];
        string user = Convert.ToHexString(Encoding.ASCII.GetBytes(number));
        AssertServes(
            new UnixDomainSocketEndPoint(scratch["socket"]), $"unix,listen,nonblock⇥{scratch["socket"]}", true,
            $"/usr/bin/dbus-daemon⇥--config-file={config}⇥--nofork",
            question: $"\0AUTH EXTERNAL {user}\r\n", answer: "OK ");
    }

    [ProgramFact("/usr/bin/gpg-agent")]
    public void GpgAgentTakesItsListener()
    {
        using Scratch scratch = new();
        string folder = scratch["."];
        AssertServes(
            new UnixDomainSocketEndPoint(scratch["S.gpg-agent"]),
            $"unix,listen,nonblock⇥{scratch["S.gpg-agent"]}",
            true,
            $"/usr/bin/gpg-agent⇥--supervised⇥--homedir⇥{folder}", question: "GETINFO version\n", answer: "\nOK\n");
    }

    // The first client starts it, and it does not notice a crash of the daemon.
    private static void AssertServes(
        EndPoint end,
        string socket,
        bool tellsIt,
        string args,
        string setting = "",
        string question = "GET / HTTP/1.0\r\n\r\n",
        string answer = "hello")
    {
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        daemon.Send(
            $"fd.socket⇥listener⇥{socket}", $"service.args⇥a⇥{args}",
            "service.fds⇥a⇥null⇥stderr⇥stderr⇥listener", setting);
        daemon.Send(tellsIt ? "service.listen⇥a⇥+" : "", "service.auto_up⇥a⇥1⇥fd:listener");
        Assert.DoesNotContain(daemon.Dump(), line => Text.Matches(line, "service.state⇥a⇥up⇥*⇥*⇥*⇥*⇥*⇥*"));
        AssertAnswers(end, question, answer);
        int first = daemon.AwaitUp("a");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        AssertAnswers(end, question, answer);
        Assert.Contains(daemon.Dump(), line => Text.Matches(line, $"service.state⇥a⇥up⇥*⇥{first}⇥*⇥*⇥*⇥*"));
        daemon.Send("service.stop⇥a⇥10");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥*⇥*⇥*⇥*");
    }

    // Started by its clients, and then by a command, each time after it has removed the file of its listener.
    private static void AssertIsReachedAgain(
        string path, string args, string setting, string question, string answer)
    {
        const string Remade = "warning⇥fd \"listener\" was made anew, as its file was gone or it was shut down";
        UnixDomainSocketEndPoint end = new(path);
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            $"fd.socket⇥listener⇥listen,nonblock,mode=0660⇥{path}", $"service.args⇥a⇥{args}",
            "service.fds⇥a⇥null⇥stderr⇥stderr⇥listener", setting, "service.auto_up⇥a⇥1⇥fd:listener");
        daemon.Sync();
        for (int run = 0; run < 2; run++)
        {
            AssertAnswers(end, question, answer);
            daemon.AwaitUp("a");
            daemon.Send("service.signal⇥a⇥SIGTERM");
            daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
            daemon.Await(Remade);
        }

        daemon.Send("service.auto_up⇥a⇥-", "service.start⇥a");
        daemon.AwaitUp("a");
        AssertAnswers(end, question, answer);
        daemon.Send("service.signal⇥a⇥SIGTERM");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Assert.False(File.Exists(path));
        daemon.Send("service.start⇥a");
        daemon.Await(Remade);
        daemon.AwaitUp("a");
        AssertAnswers(end, question, answer);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite,
            new FileInfo(path).UnixFileMode);
    }

    // A request of FastCGI for the page that says pong.
    private static string Ping()
    {
        string parameters = Parameter("SCRIPT_NAME", "/ping") + Parameter("SCRIPT_FILENAME", "/ping")
            + Parameter("REQUEST_METHOD", "GET");
        return Record(1, "\0\u0001\0\0\0\0\0\0") + Record(4, parameters) + Record(4, "") + Record(5, "");

        static string Parameter(string name, string value) => $"{(char)name.Length}{(char)value.Length}{name}{value}";

        static string Record(int type, string content) =>
            $"\u0001{(char)type}\0\u0001\0{(char)content.Length}\0\0{content}";
    }

    private static void AssertAnswers(EndPoint end, string question, string answer)
    {
        ProtocolType protocol = end is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified;
        using Socket client = new(end.AddressFamily, SocketType.Stream, protocol) { ReceiveTimeout = 30_000 };
        client.Connect(end);
        client.Send(Encoding.ASCII.GetBytes(question));
        StringBuilder got = new();
        byte[] buffer = new byte[4096];
        int count;
        while (!got.ToString().Contains(answer, StringComparison.Ordinal) && (count = client.Receive(buffer)) > 0)
        {
            got.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        Assert.Contains(answer, got.ToString(), StringComparison.Ordinal);
    }

    private static IPEndPoint FreeEnd()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>A test with a real program; skipped where that is not installed.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class ProgramFactAttribute : FactAttribute
    {
        public ProgramFactAttribute(string path) => Skip = File.Exists(path) ? null! : $"{path} is not installed";
    }
}
