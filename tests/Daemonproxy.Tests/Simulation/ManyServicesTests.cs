using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Five thousand services through one controller that reads.</summary>
public sealed class ManyServicesTests
{
    private const int Services = 5000;

    [Fact]
    public void AreDefinedStartedDumpedAndDeletedWithoutOverflow()
    {
        using SimWorld world = Begin();
        Define(world);
        Say(world, All(i => $"service.start\ts{i}\n"));
        string[] started = Receive(world);
        Assert.Equal(Services, started.Count(line => line.Contains("\tstart\t", StringComparison.Ordinal)));
        Assert.Equal(Services, started.Count(line => line.Contains("\tup\t", StringComparison.Ordinal)));

        Say(world, "statedump\necho\tend\n");
        string[] dumped = Receive(world);
        Assert.Equal("end", dumped[^1]);
        Assert.Equal(5 * Services, dumped.Count(line => line.StartsWith("service.", StringComparison.Ordinal)));
        string[] names = NamesIn(dumped);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);

        Say(world, All(i => $"service.signal\ts{i}\tKILL\n"));
        Assert.Equal(Services, Receive(world).Count(line => line.Contains("\tSIGKILL\t", StringComparison.Ordinal)));
        Say(world, All(i => $"service.delete\ts{i}\n"));
        Assert.Equal(Services, Receive(world).Count(line => line.Contains("\tdeleted\t", StringComparison.Ordinal)));
        Assert.Equal(0, world.Running.Services.Used);
        Assert.Equal(0, world.Running.Statistics[Counter.Overflows]);
    }

    // Turn by turn, while another controller deletes and creates: in front of the dump, behind it, and where it is.
    [Fact]
    public void ADumpLosesAndDoublesNothingWhileServicesComeAndGo()
    {
        using SimWorld world = BeginDump(out SimPeer other);
        Random random = new(1);
        HashSet<string> gone = [];
        List<string> told = [];
        int turns = 0;
        for (bool isOver = false; !isOver; turns++)
        {
            Assert.True(turns < Services, "the dump never ends");
            int victim = random.Next(Services);
            gone.Add($"s{victim}");
            other.Send(Encoding.ASCII.GetBytes($"service.delete\ts{victim}\nservice.tags\tt{turns}\tx\n"));
            world.Turn();
            world.Session.Pump();
            other.Pump();
            string[] heard = Receive(world);
            told.AddRange(heard);
            isOver = heard.Contains("end");
        }

        Assert.True(turns > 10, "the dump was over before anything could happen");
        string[] restated = NamesIn(told);
        Assert.Equal(restated.Distinct(), restated);
        string[] stayed = [.. Enumerable.Range(0, Services).Select(i => $"s{i}").Where(name => !gone.Contains(name))];
        Assert.Empty(stayed.Except(restated));
        Assert.Equal(0, world.Running.Statistics[Counter.Overflows]);
    }

    // The echo of somebody else is answered in the turn in which it is read, however long the dump is.
    [Fact]
    public void ADumpYieldsToOthers()
    {
        using SimWorld world = BeginDump(out SimPeer other);
        world.Turn();
        for (int i = 0; i < 5; i++)
        {
            other.Send(Encoding.ASCII.GetBytes($"echo\tping{i}\n"));
            world.Turn();
            world.Session.Pump();
            other.Pump();
            Assert.Equal($"ping{i}\n", other.TakeReceived());
        }

        Assert.DoesNotContain("end", Receive(world));
    }

    // All services are defined, another controller is connected, and the session has asked for a dump.
    private static SimWorld BeginDump(out SimPeer other)
    {
        SimWorld world = Begin();
        world.Kernel.AddNode("/run", SimNodeKind.Directory);
        Say(world, "socket.create\t-\t/run/control\n");
        Receive(world);
        Define(world);
        world.Connect("other", "/run/control");
        world.Settle();
        other = world.PeerOf("other")!;
        world.Session.Send("statedump\necho\tend\n"u8);
        return world;
    }

    private static SimWorld Begin()
    {
        SimWorld world = new();
        world.Kernel.AddProgram("/bin/x");
        world.Start("-i");
        world.Session.TakeReceived();
        return world;
    }

    private static void Define(SimWorld world)
    {
        Say(world, All(i => $"service.args\ts{i}\t/bin/x\t{i}\nservice.fds\ts{i}\tnull\tnull\tstderr\n"));
        Assert.Equal(2 * Services, Receive(world).Length);
    }

    // What a dump restates of a service begins with its state; a state change during it has a reason of its own.
    private static string[] NamesIn(IEnumerable<string> lines) =>
    [
        .. lines.Where(line => line.StartsWith("service.auto_up\t", StringComparison.Ordinal))
            .Select(line => line.Split('\t')[1]),
    ];

    private static string All(Func<int, FormattableString> line)
    {
        StringBuilder lines = new();
        for (int i = 0; i < Services; i++)
        {
            lines.Append(line(i).ToString(CultureInfo.InvariantCulture));
        }

        return lines.ToString();
    }

    private static void Say(SimWorld world, string lines)
    {
        world.Session.Send(Encoding.ASCII.GetBytes(lines));
        world.Settle();
    }

    private static string[] Receive(SimWorld world) =>
        world.Session.TakeReceived().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
