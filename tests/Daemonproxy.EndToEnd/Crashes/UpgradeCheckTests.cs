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
/// The check of a new program sees the daemon as it was at one moment, and holds no descriptor that somebody waits for
/// the end of.
/// </summary>
public class UpgradeCheckTests
{
    private const int Upgrades = 15;

    [Fact]
    public void PipesAndConnectionsThatChangeMeanwhileRefuseNoUpgrade()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        bool isOver = false;
        Thread pipes = new(() => Replace(scratch["socket"], ref isOver));
        Thread connections = new(() => Connect(scratch["socket"], ref isOver));
        pipes.Start();
        connections.Start();
        try
        {
            Assert.All(Enumerable.Range(0, Upgrades), _ => Assert.DoesNotContain(
                daemon.Ask("reexec⇥-"), line => line.StartsWith("error", StringComparison.Ordinal)));
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            pipes.Join();
            connections.Join();
        }

        Assert.Equal((Upgrades, 0), (daemon.Counters()["reexecs"], daemon.Counters()["crashes"]));
    }

    [Fact]
    public void AProgramThatHangsHoldsNoPipeAndNoPort()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        int port = FreePort();
        daemon.Send(
            "fd.pipe⇥r⇥w", $"fd.socket⇥web⇥tcp,listen⇥127.0.0.1:{port}",
            "service.args⇥reader⇥/bin/cat", "service.fds⇥reader⇥r⇥null⇥stderr", "service.start⇥reader");
        daemon.AwaitUp("reader");
        int asked = StartCheck(daemon, scratch);
        using Connection other = Connection.To(scratch["socket"]);
        other.Ask("statedump");
        other.Send("fd.delete⇥w", "fd.delete⇥r", "fd.delete⇥web");
        other.Await("service.state⇥reader⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        other.Sync();
        using TcpListener listener = new(IPAddress.Loopback, port);
        listener.Start();
        Assert.True(Proc.IsAlive(asked), "the program still hangs");
    }

    [Fact]
    public void AProgramGetsNothingOfTheDaemonsButACopyOfItsImage()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        daemon.Ask("fd.pipe⇥r⇥w", "fd.socket⇥web⇥tcp,listen⇥127.0.0.1:0");
        int asked = StartCheck(daemon, scratch);
        string[] held = [.. Proc.Descriptors(asked).Values.Where(file => file != scratch["silent"]).Order()];
        Assert.Equal(
            ["/dev/null", "/memfd:daemonproxy-check (deleted)", "/memfd:daemonproxy-check (deleted)"],
            held.Where(file => !file.StartsWith("pipe:", StringComparison.Ordinal)));

        // The pipe of its answer, whose other end is the daemon's.
        string answer = Assert.Single(held, file => file.StartsWith("pipe:", StringComparison.Ordinal));
        Assert.Contains(answer, Proc.Descriptors(daemon.Pid).Values);
    }

    [PrivilegedFact]
    public void AnUpgradeNeedsNoNullDevice()
    {
        using Scratch root = new();
        File.Copy(Binary.Static, root["daemon"]);
        Launch launch = new Launch("/daemon", "-i").Under("/usr/sbin/chroot", root["."]);
        using Daemon daemon = Daemon.Interactive(launch);
        Assert.Empty(daemon.Ask("reexec⇥-"));
        Assert.Empty(daemon.Ask("reexec⇥/daemon"));
        Assert.Equal(2, daemon.Counters()["reexecs"]);
    }

    // The process of a check that does not answer.
    private static int StartCheck(Daemon daemon, Scratch scratch)
    {
        int[] before = Proc.Children(daemon.Pid);
        string silent = scratch.Script("silent", $"touch {scratch["runs"]}\nexec sleep 1000");
        daemon.Send($"reexec⇥{silent}");
        Patience.Until(() => File.Exists(scratch["runs"]), "the check runs");
        int asked = Proc.Children(daemon.Pid).Except(before).Single();
        Proc.AwaitRest(asked, "sleep");
        return asked;
    }

    private static void Replace(string socket, ref bool isOver)
    {
        using Connection connection = Connection.To(socket);
        while (!Volatile.Read(ref isOver))
        {
            connection.Ask("fd.pipe⇥r⇥w", "fd.pipe⇥r⇥w");
        }
    }

    private static void Connect(string socket, ref bool isOver)
    {
        while (!Volatile.Read(ref isOver))
        {
            using Connection connection = Connection.To(socket);
            connection.Ask("fd.pipe⇥a⇥b", "fd.delete⇥a", "fd.delete⇥b");
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
