using System.Collections.Generic;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Sockets;

/// <summary>fd.pipe with socket flags: two connected sockets, each of which can be given to a service.</summary>
public class SocketPairTests
{
    // Whether two messages stay apart, and both directions.
    private const string Both = """
        import os, socket
        one, two = socket.socket(fileno=0), socket.socket(fileno=3)
        one.send(b"a")
        one.send(b"bc")
        two.send(b"back")
        print(
            one.family.name, one.type.name, "blocking" if os.get_blocking(0) and os.get_blocking(3) else "nonblocking",
            two.recv(100).decode(), one.recv(100).decode(), sep="\t", flush=True)
        """;

    [PythonTheory]
    [InlineData("unix", "unix,stream,", "SOCK_STREAM⇥blocking⇥abc⇥back")]
    [InlineData("stream,nonblock", "unix,stream,nonblock,", "SOCK_STREAM⇥nonblocking⇥abc⇥back")]
    [InlineData("dgram", "unix,dgram,", "SOCK_DGRAM⇥blocking⇥a⇥back")]
    [InlineData("seqpacket", "unix,seqpacket,", "SOCK_SEQPACKET⇥blocking⇥a⇥back")]
    [InlineData("unix,seqpacket,nonblock", "unix,seqpacket,nonblock,", "SOCK_SEQPACKET⇥nonblocking⇥a⇥back")]
    public void BytesGoBothWays(string flags, string shown, string found)
    {
        using Scratch scratch = new();
        using Witness witness = new(scratch);
        Assert.Equal(
            [$"fd.state⇥r⇥pipe⇥{shown}to⇥w", $"fd.state⇥w⇥pipe⇥{shown}to⇥r"],
            witness.Daemon.Ask($"fd.pipe⇥r⇥w⇥{flags}"));
        string args = Python.Service(scratch, "both", Both);
        witness.Daemon.Send($"service.args⇥a⇥{args}", "service.fds⇥a⇥r⇥fd_7⇥stderr⇥w", "service.start⇥a");
        witness.Told.Await($"AF_UNIX⇥{found}");
        witness.AwaitEnd("a");
    }

    [Fact]
    public void AnImpossiblePairIsRefused()
    {
        using Daemon daemon = Daemon.Interactive();
        IEnumerable<int> before = Proc.Descriptors(daemon.Pid).Keys;
        Assert.Equal(
            ["error⇥socketpair() failed: Operation not supported, for command \"fd.pipe⇥r⇥w⇥tcp\""],
            daemon.Ask("fd.pipe⇥r⇥w⇥tcp"));
        Assert.Equal(before, Proc.Descriptors(daemon.Pid).Keys);
    }
}
