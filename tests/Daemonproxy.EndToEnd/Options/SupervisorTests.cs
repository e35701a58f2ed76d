using System;
using System.Net.Sockets;
using System.Text;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Options;

/// <summary>The daemon under a supervisor that listens, sd_notify(3).</summary>
public class SupervisorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheSupervisorLearnsThatTheDaemonIsReadyAndWellAndEnds(bool isAbstract)
    {
        using Scratch scratch = new();
        string name = isAbstract ? $"@daemonproxy-{Guid.NewGuid()}" : scratch["supervisor"];
        using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.ReceiveTimeout = 20_000;
        socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + name[1..] : name));
        string config = scratch.Write("config", "service.tags\ta\tb\n");
        Launch launch = new(
            "/usr/bin/env", $"NOTIFY_SOCKET={name}", "WATCHDOG_USEC=100000", Binary.Path, "-c", config, "-i",
            "--debug-crash");
        using Daemon daemon = Daemon.Interactive(launch);

        Assert.Equal($"READY=1\nMAINPID={daemon.Pid}", Receive(socket));
        Assert.Equal("WATCHDOG=1", Receive(socket));
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        AwaitMessage(socket, $"READY=1\nMAINPID={daemon.Pid}");
        Assert.Equal("WATCHDOG=1", Receive(socket));
        daemon.Send("terminate⇥0");
        AwaitMessage(socket, "STOPPING=1");
    }

    private static void AwaitMessage(Socket socket, string wanted)
    {
        string message = Receive(socket);
        while (message != wanted)
        {
            Assert.Equal("WATCHDOG=1", message);
            message = Receive(socket);
        }
    }

    private static string Receive(Socket socket)
    {
        byte[] bytes = new byte[256];
        return Encoding.ASCII.GetString(bytes, 0, socket.Receive(bytes));
    }
}
