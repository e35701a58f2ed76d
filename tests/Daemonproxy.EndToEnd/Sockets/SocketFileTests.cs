using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Sockets;

/// <summary>The files of unix sockets made by fd.socket, and lines of fd.socket that are sent again.</summary>
public class SocketFileTests
{
    [Theory]
    [InlineData("listen", true)]
    [InlineData("dgram", false)]
    [InlineData("seqpacket,listen", false)]
    public void AFileThatWasLeftBehindIsReplacedAndGoesAtTheEnd(string flags, bool isStream)
    {
        using Scratch scratch = new();
        string path = scratch["socket"];
        string line = $"fd.socket⇥s⇥{flags}⇥{path}";
        using (Daemon killed = Daemon.Interactive())
        {
            AssertMade(killed, line);
            killed.Signal(SIGKILL);
            killed.AwaitExit();
        }

        Assert.True(Path.Exists(path));
        using Daemon daemon = Daemon.Interactive();
        AssertMade(daemon, line);
        if (isStream)
        {
            Connect(path).Dispose();
        }

        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
        daemon.EndInput();
        daemon.AwaitExit();
        Assert.False(Path.Exists(path));
    }

    [Theory]
    [InlineData(SocketType.Stream, true)]
    [InlineData(SocketType.Stream, false)]
    [InlineData(SocketType.Dgram, false)]
    [InlineData(SocketType.Seqpacket, true)]
    public void ASocketThatAProcessHasIsNotReplaced(SocketType type, bool listens)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        using Socket other = new(AddressFamily.Unix, type, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(scratch["socket"]));
        if (listens)
        {
            other.Listen(1);
        }

        Assert.StartsWith(
            "error⇥bind: Address already in use",
            Assert.Single(daemon.Ask($"fd.socket⇥s⇥listen⇥{scratch["socket"]}")),
            StringComparison.Ordinal);
        Assert.False(listens && other.Poll(0, SelectMode.SelectRead), "it was connected to");
    }

    [Fact]
    public void ASocketThatAServiceStillHasKeepsItsFileAtTheEnd()
    {
        using Scratch scratch = new();
        string path = scratch["socket"];
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(
            $"fd.socket⇥s⇥listen⇥{path}",
            "service.args⇥a⇥sleep⇥1000",
            "service.fds⇥a⇥s⇥null⇥null",
            "service.start⇥a");
        int service = daemon.AwaitUp("a");
        daemon.EndInput();
        daemon.AwaitExit();
        try
        {
            Connect(path).Dispose();
        }
        finally
        {
            _ = kill(service, SIGKILL);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACrashAndAnUpgradeRemoveNoFile(bool isCrash)
    {
        using Scratch scratch = new();
        string path = scratch["socket"];
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        string line = $"fd.socket⇥s⇥listen⇥{path}";
        AssertMade(daemon, line);
        string before = Proc.Descriptors(daemon.Pid)[NumberOf(daemon)];
        daemon.Send(isCrash ? "debug.crash⇥null" : "reexec⇥-");
        if (isCrash)
        {
            daemon.Await("overflow");
        }

        daemon.Sync();
        Connect(path).Dispose();
        AssertMade(daemon, line);
        Assert.Equal(before, Proc.Descriptors(daemon.Pid)[NumberOf(daemon)]);
        daemon.Ask("fd.delete⇥s");
        Assert.False(Path.Exists(path));
    }

    [Theory]
    [InlineData("listen")]
    [InlineData("tcp,listen")]
    public void ALineThatIsSentAgainKeepsTheSocketUntilItIsShutDown(string flags)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string address = flags[0] == 't' ? $"127.0.0.1:{FreePort(SocketType.Stream)}" : scratch["socket"];
        string line = $"fd.socket⇥s⇥{flags}⇥{address}";
        AssertMade(daemon, line);
        string first = Proc.Descriptors(daemon.Pid)[NumberOf(daemon)];
        AssertMade(daemon, line);
        Assert.Equal(first, Proc.Descriptors(daemon.Pid)[NumberOf(daemon)]);

        string program = Python.Service(
            scratch, "shut", "import socket; socket.socket(fileno=0).shutdown(socket.SHUT_RDWR)\n");
        daemon.Send($"service.args⇥a⇥{program}", "service.fds⇥a⇥s⇥null⇥stderr", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Sync();
        AssertMade(daemon, line);
        Assert.Contains(
            Proc.Descriptors(daemon.Pid).Values,
            file => file.StartsWith("socket:", StringComparison.Ordinal) && file != first);
        (flags[0] == 't' ? Connect(IPEndPoint.Parse(address)) : Connect(address)).Dispose();
    }

    // Nobody takes the connections: the queue is longer than those that can be made meanwhile.
    [Fact]
    public void ClientsAreRefusedForNoMoreThanAMomentWhileItIsMadeAnew()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string path = scratch["socket"];
        AssertMade(daemon, $"fd.socket⇥s⇥listen=4000⇥{path}");
        bool isOver = false;
        TimeSpan longest = default;
        Thread client = new(() =>
        {
            long? refusedSince = null;
            while (!Volatile.Read(ref isOver))
            {
                bool isRefused = Record.Exception(() => Connect(path).Dispose()) is not null;
                refusedSince = isRefused ? refusedSince ?? Stopwatch.GetTimestamp() : null;
                TimeSpan time = refusedSince is { } since ? Stopwatch.GetElapsedTime(since) : default;
                longest = time > longest ? time : longest;
            }
        });
        client.Start();
        for (int queue = 4001; queue < 4051; queue++)
        {
            AssertMade(daemon, $"fd.socket⇥s⇥listen={queue}⇥{path}");
        }

        Volatile.Write(ref isOver, true);
        client.Join();
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Connect(path).Dispose();
        AssertIsName(path);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Theory]
    [InlineData("seqpacket,listen")]
    [InlineData("dgram,bind")]
    [InlineData("listen,mode=0600,nonblock")]
    public void ASocketThatIsMadeAnewHasItsPathAsItsName(string changed)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string path = scratch["socket"];
        AssertMade(daemon, $"fd.socket⇥s⇥listen⇥{path}");
        AssertMade(daemon, $"fd.socket⇥s⇥{changed}⇥{path}");
        AssertIsName(path);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    /// <summary>A file of another user beside it is in the way; an owner that may not be set fails later.</summary>
    [RootFact]
    public void ASocketThatCannotBeMadeAnewIsAsItWas()
    {
        using Scratch scratch = new();
        string[] withoutOwners = ["/usr/bin/setpriv", "--bounding-set=-chown", "--inh-caps=-chown"];
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i").Under(withoutOwners));
        string path = scratch["socket"];
        AssertMade(daemon, $"fd.socket⇥s⇥listen⇥{path}");
        AssertFails(daemon, $"fd.socket⇥s⇥listen,owner=daemon⇥{path}", "Operation not permitted");
        Connect(path).Dispose();
        AssertIsName(path);
        string file = scratch.Write("socket.new", "mine");
        AssertFails(daemon, $"fd.socket⇥s⇥listen=7⇥{path}", "Address already in use");
        Connect(path).Dispose();
        Assert.Equal("mine", File.ReadAllText(file));
        File.Delete(file);
        AssertMade(daemon, $"fd.socket⇥s⇥listen=7⇥{path}");
        daemon.Ask("fd.delete⇥s");
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Theory]
    [InlineData("tcp,listen", "tcp,listen=5", SocketType.Stream)]
    [InlineData("tcp", "tcp,nonblock", SocketType.Stream)]
    [InlineData("udp", "udp,nonblock", SocketType.Dgram)]
    public void OnePortBelongsToOneName(string flags, string changed, SocketType type)
    {
        using Daemon daemon = Daemon.Interactive();
        int port = FreePort(type);
        AssertMade(daemon, $"fd.socket⇥s⇥{flags}⇥127.0.0.1:{port}");
        AssertMade(daemon, $"fd.socket⇥s⇥{changed}⇥127.0.0.1:{port}");
        AssertMade(daemon, $"fd.socket⇥s⇥{changed}⇥*:{port}");
        AssertMade(daemon, $"fd.socket⇥s⇥{flags}⇥127.0.0.1:{port}");
        bool isShared = flags == "tcp";
        string answer = Assert.Single(daemon.Ask($"fd.socket⇥other⇥{flags}⇥127.0.0.1:{port}"));
        Assert.StartsWith(
            isShared ? "fd.state⇥other" : "error⇥bind: Address already in use", answer, StringComparison.Ordinal);
    }

    // The path that getsockname(2) tells stands in the kernel's table of sockets, too.
    private static void AssertIsName(string path) => Assert.All(
        File.ReadLines("/proc/net/unix").Where(line => line.Contains(path, StringComparison.Ordinal)),
        line => Assert.EndsWith(" " + path, line, StringComparison.Ordinal));

    private static void AssertFails(Daemon daemon, string line, string reason) =>
        Assert.Contains(reason, Assert.Single(daemon.Ask(line)), StringComparison.Ordinal);

    private static int NumberOf(Daemon daemon)
    {
        foreach ((int number, string file) in Proc.Descriptors(daemon.Pid))
        {
            if (number > 2 && file.StartsWith("socket:", StringComparison.Ordinal))
            {
                return number;
            }
        }

        throw new InvalidOperationException("the daemon has no socket");
    }

    private static Socket Connect(string path) => Connect(new UnixDomainSocketEndPoint(path));

    private static Socket Connect(EndPoint place)
    {
        ProtocolType protocol = place is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified;
        Socket client = new(place.AddressFamily, SocketType.Stream, protocol);
        client.Connect(place);
        return client;
    }

    private static void AssertMade(Daemon daemon, string line) =>
        Assert.StartsWith("fd.state⇥s⇥socket⇥", Assert.Single(daemon.Ask(line)), StringComparison.Ordinal);

    private static int FreePort(SocketType type)
    {
        ProtocolType protocol = type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp;
        using Socket socket = new(AddressFamily.InterNetwork, type, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
