using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Sockets;

/// <summary>The kernel's view of a socket made by fd.socket, and the errors of the kernel.</summary>
public class NamedSocketTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Theory]
    [InlineData("umask 000")]
    [InlineData("umask 777")]
    public void FilesAndDirectoriesAreTheOwnersWhateverTheUmask(string before)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i").After(before));
        string path = scratch["a/b/socket"];
        Assert.Equal(
            [$"fd.state⇥s⇥socket⇥unix,stream,bind,listen=32,mkdir⇥{path}"],
            daemon.Ask($"fd.socket⇥s⇥listen,mkdir⇥{path}"));
        Assert.Equal(OwnerOnly, new FileInfo(path).UnixFileMode);
        Assert.Equal(OwnerOnly, new DirectoryInfo(scratch["a/b"]).UnixFileMode);
        Assert.Equal(OwnerOnly, new DirectoryInfo(scratch["a"]).UnixFileMode);
        daemon.Ask($"fd.open⇥f⇥create,mkdir,write⇥{scratch["c/file"]}");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(scratch["c/file"]).UnixFileMode);
        Assert.Equal(OwnerOnly, new DirectoryInfo(scratch["c"]).UnixFileMode);
        Assert.Equal(before[^3..], Proc.Status(daemon.Pid, "Umask")[^3..]);
    }

    // The queue of a unix socket takes one more than asked for.
    [Theory]
    [InlineData("listen=1", 2)]
    [InlineData("listen=5", 6)]
    [InlineData("listen", 33)]
    public void TheQueueIsAsLongAsAsked(string flag, int taken)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string path = scratch["socket"];
        daemon.Ask($"fd.socket⇥s⇥{flag}⇥{path}");
        UnixDomainSocketEndPoint address = new(path);
        Socket[] clients = new Socket[taken + 1];
        for (int at = 0; at <= taken; at++)
        {
            clients[at] = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            clients[at].Blocking = false;
            SocketException? problem = Record.Exception(() => clients[at].Connect(address)) as SocketException;
            Assert.Equal(at == taken ? SocketError.WouldBlock : null, problem?.SocketErrorCode);
        }

        Array.ForEach(clients, client => client.Dispose());
    }

    [Fact]
    public void AnAddressCanBeUsedAgainWhileAConnectionOfItLingers()
    {
        using Daemon daemon = Daemon.Interactive();
        int port = FreePort();
        Assert.Single(daemon.Ask($"fd.socket⇥s⇥tcp,listen⇥127.0.0.1:{port}"));
        using (Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            // The daemon's side closes first: its address is in TIME_WAIT, tcp(7).
            client.Connect(IPAddress.Loopback, port);
            daemon.Send("service.fds⇥a⇥s⇥null⇥stderr", "service.args⇥a⇥python3⇥-ISc⇥" +
                "import socket; socket.socket(fileno=0).accept()", "service.start⇥a");
            daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
            Assert.Equal(0, client.Receive(new byte[1]));
        }

        daemon.Sync();
        Assert.Equal(["fd.state⇥s⇥deleted"], daemon.Ask("fd.delete⇥s"));
        Assert.Equal(
            [$"fd.state⇥s⇥socket⇥inet,stream,bind,listen=32⇥127.0.0.1:{port}"],
            daemon.Ask($"fd.socket⇥s⇥tcp,listen⇥127.0.0.1:{port}"));
    }

    [Fact]
    public void AnAddressInUseIsRefusedAndWhatWasThereStays()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string path = scratch["socket"];
        string plain = scratch.Write("plain", "text");
        int port = FreePort();
        daemon.Ask($"fd.socket⇥s⇥listen⇥{path}", $"fd.socket⇥t⇥tcp,listen⇥127.0.0.1:{port}");
        string[] before = daemon.Dump();
        int descriptors = daemon.OpenDescriptors(daemon.Pid);
        AssertRefused(daemon, $"fd.socket⇥u⇥listen⇥{path}", "bind: Address already in use");
        AssertRefused(daemon, $"fd.socket⇥u⇥listen⇥{plain}", "bind: Address already in use");
        AssertRefused(daemon, $"fd.socket⇥u⇥tcp,listen⇥127.0.0.1:{port}", "bind: Address already in use");
        AssertRefused(daemon, $"fd.socket⇥u⇥listen⇥{scratch["no/such"]}", "bind: No such file or directory");
        AssertRefused(daemon, "fd.socket⇥u⇥tcp,listen⇥192.0.2.1:80", "bind: Cannot assign requested address");
        AssertRefused(daemon, $"fd.socket⇥u⇥dgram,listen⇥{scratch["dgram"]}", "listen: Operation not supported");
        AssertRefused(daemon, "fd.socket⇥u⇥inet,seqpacket", "socket: Socket type not supported");
        Assert.Equal(before, daemon.Dump());
        Assert.Equal(descriptors, daemon.OpenDescriptors(daemon.Pid));
        Assert.False(Path.Exists(scratch["dgram"]));
        Assert.Equal("text", File.ReadAllText(plain));
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(path));
    }

    private static void AssertRefused(Daemon daemon, string line, string reason)
    {
        string answer = Assert.Single(daemon.Ask(line));
        Assert.StartsWith($"error⇥{reason}, for command ", answer, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
