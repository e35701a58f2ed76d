using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>
/// A second build with another version takes over in place, and the first one again, while a client downloads through
/// a supervised server. The second build takes minutes: with DAEMONPROXY_LONG=1 it is made, DAEMONPROXY_NEXT names one
/// that is there, and otherwise it is a copy of the first.
/// </summary>
public class UpgradeTests
{
    private const int Megabytes = 64;

    private static readonly string _server = $"""
        import socket
        listener = socket.socket(fileno=0)
        while True:
            client, _ = listener.accept()
            for n in range({Megabytes} * 16):
                client.sendall(bytes([n % 251]) * 65536)
            client.close()
        """;

    [PythonFact]
    public void AClientDownloadsWithoutAHiccup()
    {
        using Scratch scratch = new();
        string next = NextBuild.Find(scratch);
        using Daemon daemon = Daemon.Interactive();
        int port = FreePort();
        daemon.Send(
            $"fd.socket⇥web⇥tcp,listen⇥127.0.0.1:{port}",
            $"service.args⇥web⇥{Python.Service(scratch, "server", _server)}",
            "service.fds⇥web⇥web⇥stderr⇥stderr", "service.start⇥web");
        int service = daemon.AwaitUp("web");
        using TcpClient client = new();
        client.Connect(IPAddress.Loopback, port);
        using NetworkStream stream = client.GetStream();
        long received = 0;
        Thread reader = new(() => received = ReadAll(stream));
        reader.Start();
        string[] versions = new string[6];
        for (int n = 0; n < versions.Length; n++)
        {
            string program = n % 2 == 0 ? next : Binary.Path;
            Assert.Empty(daemon.Ask($"reexec⇥{program}"));
            versions[n] = daemon.Log.Await(
                line => line.EndsWith(" took over", StringComparison.Ordinal), "who took over");
            Assert.Equal(new FileInfo(program).FullName, new FileInfo($"/proc/{daemon.Pid}/exe").LinkTarget);
        }

        reader.Join();
        Assert.Equal(Megabytes * 1024L * 1024L, received);
        string own = NextBuild.VersionOf(Binary.Path);
        string other = NextBuild.VersionOf(next);
        Assert.Equal(NextBuild.IsAnother, own != other);
        Assert.Equal(
            Enumerable.Range(0, versions.Length).Select(
                n => $"info: daemonproxy version {(n % 2 == 0 ? other : own)} took over"),
            versions);
        Assert.Equal([service], Proc.Children(daemon.Pid));
        Assert.Equal((6, 0), (daemon.Counters()["reexecs"], daemon.Counters()["crashes"]));
    }

    // What comes must be what was sent; slowly, so that it is still coming at the end.
    private static long ReadAll(NetworkStream stream)
    {
        byte[] buffer = new byte[65536];
        long total = 0;
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            for (int i = 0; i < count; i++)
            {
                if (buffer[i] != (byte)((total + i) / 65536 % 251))
                {
                    return -1;
                }
            }

            total += count;
            Thread.Sleep(1);
        }

        return total;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
