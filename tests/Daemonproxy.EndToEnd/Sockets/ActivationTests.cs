using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Sockets;

/// <summary>Triggers <c>fd:NAME</c>: what the kernel tells of sockets, pipes and fifos.</summary>
public class ActivationTests
{
    // Accepts one connection, answers and ends.
    private const string Server = """
        import socket
        has = socket.socket(fileno=0)
        connection, peer = has.accept()
        connection.sendall(b"got " + connection.recv(100))
        """;

    [PythonFact]
    public void AServiceStartsForEachClientAlsoAfterACrashAndAnUpgrade()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        UnixDomainSocketEndPoint end = new(scratch["socket"]);
        Define(daemon, scratch, $"fd.socket⇥s⇥unix,listen⇥{scratch["socket"]}");
        AssertServed(daemon, end);
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        AssertServed(daemon, end);
        daemon.Send("reexec⇥-");
        daemon.Sync();
        AssertServed(daemon, end);
    }

    [PythonFact]
    public void AClientOfTheInternetStartsAService()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        int port = FreePort();
        Define(daemon, scratch, $"fd.socket⇥s⇥tcp,listen⇥127.0.0.1:{port}");
        AssertServed(daemon, new IPEndPoint(IPAddress.Loopback, port));
    }

    [PythonFact]
    public void AClientThatCameWhileTheServiceWasUpStartsItAgain()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        UnixDomainSocketEndPoint end = new(scratch["socket"]);
        Define(daemon, scratch, $"fd.socket⇥s⇥unix,listen⇥{scratch["socket"]}");
        using Socket first = Connect(end);
        daemon.AwaitUp("a");
        using Socket second = Connect(end);
        AssertAnswered(first);
        AssertAnswered(second);
    }

    [PythonFact]
    public void AListenerThatARunHasShutDownListensAgainAtTheNextStart()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        IPEndPoint end = new(IPAddress.Loopback, FreePort());
        string deaf = Python.Service(scratch, "deaf", "import socket; socket.socket(fileno=0).shutdown(2)");
        Define(daemon, scratch, $"fd.socket⇥s⇥tcp,listen⇥{end}");
        daemon.Send(
            $"service.args⇥deaf⇥{deaf}", "service.fds⇥deaf⇥s⇥null⇥stderr", "service.start⇥deaf");
        daemon.Await("service.state⇥deaf⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Send("service.start⇥a");
        daemon.AwaitUp("a");
        AssertServed(daemon, end);
    }

    [Fact]
    public void DataOfAFifoStartsAServiceAndAHangUpDoesNot()
    {
        using Scratch scratch = new();
        string fifo = scratch["fifo"];
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i").After($"mkfifo {fifo}"));
        daemon.Send(
            $"fd.open⇥in⇥read⇥{fifo}", "service.fds⇥a⇥in⇥null⇥stderr", "service.args⇥a⇥/bin/sh⇥-c⇥read line",
            "service.auto_up⇥a⇥1⇥fd:in");
        daemon.Sync();
        for (int run = 0; run < 2; run++)
        {
            File.WriteAllText(fifo, "");
            AssertNeitherRunsNorSpins(daemon);
            File.WriteAllText(fifo, "line\n");
            daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
            AssertNeitherRunsNorSpins(daemon);
        }
    }

    [Fact]
    public void DataOfAConnectionStartsAServiceAndItsEndDoesNot()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["control"]);
        using Connection control = Connection.To(scratch["control"]);
        (Fd ours, Fd theirs) = UnixSocket.Pair();
        control.SendWith("fd.take⇥in", theirs);
        theirs.Dispose();
        daemon.Await("fd.state⇥in⇥*⇥*⇥*");
        daemon.Send(
            "service.fds⇥a⇥in⇥null⇥stderr", "service.args⇥a⇥/bin/sh⇥-c⇥read line", "service.auto_up⇥a⇥1⇥fd:in");
        daemon.Sync();
        UnixSocket.Send(ours, "line\n"u8);
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        ours.Dispose();
        AssertNeitherRunsNorSpins(daemon);
    }

    [Fact]
    public void AnEmptyDatagramStartsAService()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            $"fd.socket⇥s⇥unix,dgram⇥{scratch["socket"]}", "service.args⇥a⇥/bin/true", "service.auto_up⇥a⇥1000⇥fd:s");
        daemon.Sync();
        using Socket client = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        client.SendTo([], new UnixDomainSocketEndPoint(scratch["socket"]));
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
    }

    [Fact]
    public void AFileAndADirectoryAreRefused()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("fd.open⇥file⇥read⇥/etc/passwd", "fd.open⇥folder⇥read⇥/etc");
        foreach (string name in (string[])["file", "folder", "null", "control.event"])
        {
            string line = $"service.auto_up⇥a⇥1⇥fd:{name}";
            string shown = line.Length > 29 ? line[..30] + "..." : line;
            daemon.Send(line);
            daemon.Await($"error⇥cannot poll fd \"{name}\", for command \"{shown}\"");
        }
    }

    [Fact]
    public void AFileThatGetsTheNameLaterIsWarnedOfAndStartsNothing()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/true", "service.auto_up⇥a⇥1⇥fd:file", "fd.open⇥file⇥read⇥/etc/passwd");
        daemon.Await("fd.state⇥file⇥file⇥read⇥/etc/passwd");
        daemon.Await("warning⇥fd \"file\" cannot be polled, and starts no service");
        Assert.DoesNotContain("service.state", daemon.Heard, StringComparison.Ordinal);
    }

    // One service for the socket that this line makes.
    private static void Define(Daemon daemon, Scratch scratch, string socket)
    {
        daemon.Send(
            socket, $"service.args⇥a⇥{Python.Service(scratch, "a", Server)}", "service.fds⇥a⇥s⇥null⇥stderr",
            "service.auto_up⇥a⇥1⇥fd:s");
        daemon.Sync();
    }

    private static void AssertServed(Daemon daemon, EndPoint end)
    {
        using Socket client = Connect(end);
        AssertAnswered(client);
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
    }

    private static Socket Connect(EndPoint end)
    {
        ProtocolType protocol = end is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified;
        Socket client = new(end.AddressFamily, SocketType.Stream, protocol);
        client.Connect(end);
        return client;
    }

    private static void AssertAnswered(Socket client)
    {
        byte[] buffer = new byte[100];
        client.ReceiveTimeout = 20_000;
        client.Send("hello"u8);
        Assert.Equal("got hello", Text.From(buffer.AsSpan(0, client.Receive(buffer))));
    }

    // What the kernel tells is told before the answers: the service is down, and few turns were made.
    private static void AssertNeitherRunsNorSpins(Daemon daemon)
    {
        long before = Turns(daemon);
        Assert.Contains(daemon.Dump(), line => Text.Matches(line, "service.state⇥a⇥down⇥*⇥*⇥*⇥*⇥*⇥*"));
        Assert.InRange(Turns(daemon) - before, 0, 20);
    }

    private static long Turns(Daemon daemon) =>
        long.Parse(daemon.Ask("stats⇥turns").Single().Split('⇥')[^1], CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
