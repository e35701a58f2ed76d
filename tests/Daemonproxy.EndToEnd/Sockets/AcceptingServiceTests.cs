using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Sockets;

/// <summary>Sockets of each kind, made by fd.socket and used by a service that has one as its descriptor 0.</summary>
public class AcceptingServiceTests
{
    // Says what it has, and answers once. It listens itself if that was not done; 30 is SO_ACCEPTCONN.
    private const string Server = """
        import os, select, socket
        has = socket.socket(fileno=0)
        name = has.getsockname()
        print(
            has.family.name, has.type.name, "listening" if has.getsockopt(socket.SOL_SOCKET, 30) else "quiet",
            "reusable" if has.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) else "not reusable",
            "blocking" if os.get_blocking(0) else "nonblocking",
            name[1] if isinstance(name, tuple) else name, sep="\t", flush=True)
        if has.type == socket.SOCK_STREAM and not has.getsockopt(socket.SOL_SOCKET, 30):
            has.listen()
        print("ready", flush=True)
        select.select([has], [], [])
        if has.type == socket.SOCK_DGRAM:
            data, peer = has.recvfrom(100)
            has.sendto(b"got " + data, peer)
        else:
            connection, peer = has.accept()
            connection.setblocking(True)
            connection.sendall(b"got " + connection.recv(100))
        """;

    [PythonTheory]
    [InlineData("stream", SocketType.Stream, "SOCK_STREAM⇥quiet⇥blocking")]
    [InlineData("listen", SocketType.Stream, "SOCK_STREAM⇥listening⇥blocking")]
    [InlineData("unix,stream,listen=3,nonblock", SocketType.Stream, "SOCK_STREAM⇥listening⇥nonblocking")]
    [InlineData("unix,seqpacket,listen", SocketType.Seqpacket, "SOCK_SEQPACKET⇥listening⇥blocking")]
    [InlineData("dgram,bind", SocketType.Dgram, "SOCK_DGRAM⇥quiet⇥blocking")]
    [InlineData("dgram,nonblock", SocketType.Dgram, "SOCK_DGRAM⇥quiet⇥nonblocking")]
    [InlineData("mkdir,listen", SocketType.Stream, "SOCK_STREAM⇥listening⇥blocking")]
    public void AUnixSocketIsUsed(string flags, SocketType type, string found)
    {
        using Scratch scratch = new();
        using Witness witness = new(scratch);
        string path = flags.Contains("mkdir", StringComparison.Ordinal) ? scratch["a/b/socket"] : scratch["socket"];
        Assert.Single(witness.Daemon.Ask($"fd.socket⇥s⇥{flags}⇥{path}"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, ModeOf(path));
        witness.Start("a", "s", Server);
        string[] words = found.Split('⇥');
        witness.Told.Await($"AF_UNIX⇥{words[0]}⇥{words[1]}⇥reusable⇥{words[2]}⇥{path}");
        witness.Told.Await("ready");
        using Socket client = new(AddressFamily.Unix, type, ProtocolType.Unspecified);
        if (type == SocketType.Dgram)
        {
            // For the answer.
            client.Bind(new UnixDomainSocketEndPoint(scratch["client"]));
        }

        client.Connect(new UnixDomainSocketEndPoint(path));
        AssertAnswered(client);
        witness.AwaitEnd("a");
    }

    [PythonTheory]
    [InlineData("tcp,listen", "127.0.0.1", "AF_INET⇥SOCK_STREAM⇥listening⇥blocking")]
    [InlineData("inet,listen=2,nonblock", "127.0.0.1:0", "AF_INET⇥SOCK_STREAM⇥listening⇥nonblocking")]
    [InlineData("tcp,listen", "*", "AF_INET⇥SOCK_STREAM⇥listening⇥blocking")]
    [InlineData("udp", "127.0.0.1", "AF_INET⇥SOCK_DGRAM⇥quiet⇥blocking")]
    [InlineData("inet,dgram,bind,nonblock", "*:0", "AF_INET⇥SOCK_DGRAM⇥quiet⇥nonblocking")]
    public void AnInternetSocketIsUsed(string flags, string address, string found) =>
        AssertUsed(flags, address, found, IPAddress.Loopback);

    [PythonInet6Theory]
    [InlineData("inet6,listen", "[::1]", "AF_INET6⇥SOCK_STREAM⇥listening⇥blocking")]
    [InlineData("inet6,stream,listen", "[::1]:0", "AF_INET6⇥SOCK_STREAM⇥listening⇥blocking")]
    [InlineData("inet6,listen", "*", "AF_INET6⇥SOCK_STREAM⇥listening⇥blocking")]
    [InlineData("inet6,dgram", "[::1]", "AF_INET6⇥SOCK_DGRAM⇥quiet⇥blocking")]
    public void AnInternet6SocketIsUsed(string flags, string address, string found) =>
        AssertUsed(flags, address, found, IPAddress.IPv6Loopback);

    [PythonFact]
    public void ASocketWithoutAnAddressIsConnectedByTheService()
    {
        const string Client = """
            import socket, sys
            has = socket.socket(fileno=0)
            has.connect(("127.0.0.1", int(sys.argv[1])))
            has.sendall(b"hello")
            """;
        using Scratch scratch = new();
        using Witness witness = new(scratch);
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        Assert.Equal(["fd.state⇥s⇥socket⇥inet,stream⇥"], witness.Daemon.Ask("fd.socket⇥s⇥tcp"));
        string args = Python.Service(scratch, "a", Client);
        witness.Daemon.Send($"service.args⇥a⇥{args}⇥{port}", "service.fds⇥a⇥s⇥null⇥stderr", "service.start⇥a");
        using Socket accepted = listener.Accept();
        Assert.Equal("hello", Receive(accepted));
        witness.AwaitEnd("a");
    }

    private static void AssertUsed(string flags, string address, string found, IPAddress host)
    {
        using Scratch scratch = new();
        using Witness witness = new(scratch);
        Assert.Single(witness.Daemon.Ask($"fd.socket⇥s⇥{flags}⇥{address}"));
        witness.Start("a", "s", Server);
        string[] words = found.Split('⇥');
        string told = witness.Told.Await($"{words[0]}⇥{words[1]}⇥{words[2]}⇥reusable⇥{words[3]}⇥*");
        int port = int.Parse(told.Split('\t')[^1], CultureInfo.InvariantCulture);
        bool isStream = words[1] == "SOCK_STREAM";
        using Socket client = new(
            host.AddressFamily,
            isStream ? SocketType.Stream : SocketType.Dgram,
            isStream ? ProtocolType.Tcp : ProtocolType.Udp);
        client.Connect(host, port);
        AssertAnswered(client);
        witness.AwaitEnd("a");
    }

    private static void AssertAnswered(Socket client)
    {
        client.Send("hello"u8);
        Assert.Equal("got hello", Receive(client));
    }

    private static string Receive(Socket socket)
    {
        byte[] buffer = new byte[100];
        socket.ReceiveTimeout = 20_000;
        return Text.From(buffer.AsSpan(0, socket.Receive(buffer)));
    }

    private static UnixFileMode ModeOf(string path) => new FileInfo(path).UnixFileMode;
}
