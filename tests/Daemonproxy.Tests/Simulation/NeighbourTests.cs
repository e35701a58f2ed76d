using System;
using System.Text;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Simulation;

/// <summary>No controller delays another: its answer comes in the turn in which it asks.</summary>
public sealed class NeighbourTests
{
    private static readonly string _flood = string.Concat(
        System.Linq.Enumerable.Repeat("echo\t" + new string('x', 200) + "\n", 5000));

    [Theory]
    [InlineData("never reads")]
    [InlineData("sends a megabyte without LF")]
    [InlineData("dies in the middle of a line")]
    [InlineData("asks for one dump after the other")]
    [InlineData("sends lines without end")]
    public void AnEchoComesInTheSameTurnBesideOneWho(string behaviour)
    {
        using SimWorld world = new();
        world.Kernel.AddNode("/run", SimNodeKind.Directory);
        world.Start("-i", "-S", "/run/control");
        for (int i = 0; i < 10; i++)
        {
            world.Connect($"c{i}", "/run/control");
        }

        world.Settle();
        SimPeer bad = world.PeerOf("c4")!;
        Behave(bad, behaviour);
        for (int i = 0; i < 40; i++)
        {
            SimPeer good = world.PeerOf($"c{(i % 4) + 5}")!;
            good.Send(Encoding.ASCII.GetBytes($"echo\tping{i}\n"));
            world.Turn();
            bad.Pump();
            good.Pump();
            Assert.Equal($"ping{i}\n", good.TakeReceived());
        }
    }

    [Fact]
    public void AConnectionIsReadInTheTurnInWhichItIsAccepted()
    {
        using SimWorld world = new();
        world.Kernel.AddNode("/run", SimNodeKind.Directory);
        world.Start("-i", "-S", "/run/control");
        world.Connect("new", "/run/control");
        SimPeer peer = world.PeerOf("new")!;
        peer.Send("echo\there\n"u8);
        world.Turn();
        peer.Pump();
        Assert.Equal("here\n", peer.TakeReceived());
    }

    [Fact]
    public void MessagesBeforeTheEndOfAServiceComeBeforeItsNextStart()
    {
        using SimWorld world = new();
        world.Kernel.AddProgram("/bin/boss");
        world.Start("-i");
        world.Session.Send(
            "service.args\tboss\t/bin/boss\nservice.fds\tboss\tcontrol.cmd\nservice.auto_up\tboss\t1\tINT\n"u8);
        world.Settle();
        world.Kernel.Raise(new Signal(Signal.SIGINT));
        world.Advance(2 * Seconds.Nanoseconds);
        world.Session.TakeReceived();

        // Both are there when the turn begins.
        world.PeerOf("boss")!.Send("signal.clear\tINT\t1\n"u8);
        world.Kernel.End(world.ProcessOf("boss")!, EndReason.Exited, 0);
        world.Settle();
        string told = world.Session.TakeReceived();
        Assert.Contains("service.state\tboss\tdown\t1002\t101\texit\t0\t2\t0\n", told, StringComparison.Ordinal);
        Assert.EndsWith("service.state\tboss\tdown\t-\t-\t-\t-\t-\t-\n", told, StringComparison.Ordinal);
        Assert.DoesNotContain("\tup\t", told, StringComparison.Ordinal);
    }

    private static void Behave(SimPeer peer, string behaviour)
    {
        switch (behaviour)
        {
            case "never reads":
                peer.Reads = false;
                peer.Send(Encoding.ASCII.GetBytes(_flood));
                break;
            case "sends a megabyte without LF":
                peer.Send(Encoding.ASCII.GetBytes(new string('x', 1 << 20)));
                break;
            case "dies in the middle of a line":
                peer.Send("service.tags\tx"u8);
                peer.EndInput();
                peer.EndOutput();
                break;
            case "asks for one dump after the other":
                peer.Send(Encoding.ASCII.GetBytes(_flood.Replace("echo", "statedump", StringComparison.Ordinal)));
                break;
            default:
                peer.Send(Encoding.ASCII.GetBytes(_flood));
                break;
        }
    }
}
