using System;
using System.Text;
using Daemonproxy.Connections;
using Daemonproxy.Protocol;
using Xunit;
using Driven = Daemonproxy.Tests.Allocation.Bench;

namespace Daemonproxy.Tests.Simulation;

/// <summary>A dump of very many services yields to other work: a turn tells only so much of it.</summary>
public sealed class DumpPaceTests
{
    private const int Services = 10_000;

    // Up to the mark and one line beyond it.
    private const int MostInATurn = Connection.DumpMark + Limits.LongestEvent;

    [Fact]
    public void SomebodyElsesLineIsAnsweredInEveryTurnOfADumpOf10000Services()
    {
        using Driven daemon = new();
        Define(daemon);
        SimBuffer answers = daemon.World.PeerOf("b")!.Source!.In!;
        Connection other = daemon.World.Running.Connections.Used[^1];
        SimBuffer commands = ((SimStream)daemon.World.Kernel.FileOf(other.Record.Input)!).In!;
        SimBuffer dump = daemon.World.Session.Source!.In!;
        byte[] room = new byte[SimBuffer.Capacity];
        answers.Take(room);

        SimBuffer asked = ((SimStream)daemon.World.Kernel.FileOf(daemon.Session.Record.Input)!).In!;
        asked.Append("statedump\n"u8);
        int turns = 0;
        int lines = 0;
        do
        {
            commands.Append("echo\tword\n"u8);
            daemon.World.Loop.RunTurn();
            Assert.Equal("word\n", Encoding.ASCII.GetString(room, 0, answers.Take(room)));
            int told = dump.Take(room);
            Assert.InRange(told, 0, MostInATurn);
            lines += room.AsSpan(0, told).Count((byte)'\n');
            turns++;
        }
        while (daemon.Session.Record.Dump != DumpStage.None && turns < Services);

        Assert.InRange(lines, 5 * Services, 6 * Services);
        Assert.InRange(turns, 10, 1000);
    }

    private static void Define(Driven daemon)
    {
        const int AtOnce = 100;
        daemon.Send(
            daemon.Session, "service.args\tb\t/bin/runs\nservice.fds\tb\tcontrol.socket\nservice.start\tb\n"u8);
        byte[] room = new byte[SimBuffer.Capacity];
        for (int first = 1; first < Services; first += AtOnce)
        {
            StringBuilder text = new();
            for (int n = first; n < first + AtOnce; n++)
            {
                text.Append("service.args\tservice-").Append(n).Append("\t/bin/runs\n");
            }

            daemon.Send(daemon.Session, Encoding.ASCII.GetBytes(text.ToString()));
            daemon.World.PeerOf("b")!.Source!.In!.Take(room);
        }
    }
}
