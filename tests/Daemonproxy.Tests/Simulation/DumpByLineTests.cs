using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Daemonproxy.Connections;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.State;
using Daemonproxy.Tests.Images;
using Xunit;
using Driven = Daemonproxy.Tests.Allocation.Bench;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// A dump that pauses among the lines of a service, and what happens to that service meanwhile. The controller "b" has
/// asked for the dump; the session, whose lines run before it goes on, changes the service.
/// </summary>
public sealed class DumpByLineTests : IDisposable
{
    private const int Count = 20;
    private const int MostTurns = 200;
    private static readonly string[] _rows =
        ["service.state", "service.tags", "service.args", "service.fds", "service.auto_up"];

    private readonly Driven _daemon = new();
    private readonly StringBuilder _received = new();
    private readonly byte[] _room = new byte[SimBuffer.Capacity];

    public DumpByLineTests()
    {
        _daemon.Send(
            _daemon.Session, "service.args\tb\t/bin/runs\nservice.fds\tb\tcontrol.socket\nservice.start\tb\n"u8);
        string text = new('x', 4000);
        for (int n = 0; n < Count; n++)
        {
            Say($"service.args\ts{n:00}\t{text}\nservice.tags\ts{n:00}\t{text}\n");
        }

        Hear();
        _received.Clear();
    }

    private Connection Asking => _daemon.World.Running.Connections.Used[^1];

    [Fact]
    public void ADumpPausesAmongTheLinesOfAService()
    {
        Pause();
        Finish();
        CheckAllBut("none");
    }

    [Fact]
    public void TheLinesLeftOfAServiceThatVanishesAreSkipped()
    {
        string service = Pause();
        Say($"service.delete\t{service}\n");
        Finish();
        string[] after = After($"service.state\t{service}\tdeleted");
        Assert.DoesNotContain(after, line => NameOf(line) == service);
        CheckAllBut(service);
    }

    [Fact]
    public void AServiceThatIsMadeAnewAmongItsLinesIsRestatedWhole()
    {
        string service = Pause();
        Say($"service.delete\t{service}\nservice.args\t{service}\t/bin/other\n");
        Finish();
        string[] after = [.. After($"service.state\t{service}\tdeleted").Where(line => NameOf(line) == service)];
        Assert.Equal(["service.args", .. _rows], after.Select(EventOf));
        Assert.Contains($"service.args\t{service}\t/bin/other", after);
        CheckAllBut(service);
    }

    [Fact]
    public void AServiceThatTakesThePlaceOfOneThatVanishedIsReportedOnce()
    {
        string service = Pause();
        Say($"service.delete\t{service}\nservice.args\tzz\t/bin/other\n");
        Finish();
        string[] lines = [.. Lines().Where(line => NameOf(line) == "zz")];
        Assert.Equal(["service.args", .. _rows], lines.Select(EventOf));
        CheckAllBut(service);
    }

    [Fact]
    public void ACrashAmongTheLinesOfAServiceLosesAndDoublesNone()
    {
        Pause();
        _daemon.World.Resume();
        Finish();
        Assert.Contains("overflow", Lines());
        CheckAllBut("none");
    }

    /// <summary>In an image of 0.1 the cursor names a service whose lines were all told.</summary>
    [Fact]
    public void AnImageWithoutALineInTheCursorGoesOnBehindTheService()
    {
        string service = Pause();
        EarlierLayout.Apply(_daemon.World.Kernel, RegionId.None, RegionId.Connections, cut: BytesFromLineOn());
        _daemon.World.Resume();
        Finish();
        CheckAllBut(service);
    }

    public void Dispose() => _daemon.Dispose();

    // The size of what release 0.1 did not have in the record of a connection.
    private static unsafe int BytesFromLineOn()
    {
        ConnectionRecord record = default;
        return sizeof(ConnectionRecord) - (int)((byte*)&record.DumpLine - (byte*)&record);
    }

    // Asks for a dump, and stops it among the lines of a service.
    private string Pause()
    {
        ((SimStream)_daemon.World.Kernel.FileOf(Asking.Record.Input)!).In!.Append("statedump\n"u8);
        for (int turn = 0; turn < MostTurns; turn++)
        {
            _daemon.World.Loop.RunTurn();
            ref readonly ConnectionRecord record = ref Asking.Record;
            if (record.Dump == DumpStage.Services && record.DumpLine > 0)
            {
                Assert.InRange(record.DumpLine, 1, ServiceEvents.Rows - 1);
                return Encoding.ASCII.GetString(record.DumpCursor.Value.Bytes);
            }

            Hear();
        }

        throw new SimulationException("the dump does not pause");
    }

    private void Finish()
    {
        for (int turn = 0; Asking.Record.Dump != DumpStage.None; turn++)
        {
            Assert.InRange(turn, 0, MostTurns);
            _daemon.World.Loop.RunTurn();
            Hear();
        }

        _daemon.World.Loop.RunTurn();
        Hear();
    }

    private void Say(string lines)
    {
        _daemon.Send(_daemon.Session, Encoding.ASCII.GetBytes(lines));
        Hear();
    }

    private void Hear()
    {
        int count = _daemon.World.PeerOf("b")!.Source!.In!.Take(_room);
        _received.Append(Encoding.ASCII.GetString(_room, 0, count));
    }

    private void CheckAllBut(string service)
    {
        List<string> lines = [.. Lines()];
        for (int n = 0; n < Count; n++)
        {
            string name = $"s{n:00}";
            if (name != service)
            {
                Assert.Equal(_rows, lines.Where(line => NameOf(line) == name).Select(EventOf));
            }
        }
    }

    private string[] Lines() => _received.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string[] After(string line)
    {
        string[] lines = Lines();
        int index = Array.FindIndex(lines, found => found.StartsWith(line, StringComparison.Ordinal));
        Assert.True(index >= 0, $"no line {line}");
        return lines[(index + 1)..];
    }

    private static string NameOf(string line) => line.Split('\t') is [_, string name, ..] ? name : "";

    private static string EventOf(string line) => line[..line.IndexOf('\t')];
}
