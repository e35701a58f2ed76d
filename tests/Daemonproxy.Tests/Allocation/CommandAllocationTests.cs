using System;
using System.Text;
using Daemonproxy.Commands;
using Daemonproxy.Connections;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Tests.Allocation;

/// <summary>After the seal nothing allocates: shown for every command that the spec has.</summary>
public sealed class CommandAllocationTests
{
    private const int Runs = 1000;
    private const int Warm = 60;

    public static TheoryData<int, string> Commands()
    {
        TheoryData<int, string> commands = [];
        for (int id = 1; id <= CommandTable.Count; id++)
        {
            commands.Add(id, Encoding.ASCII.GetString(CommandTable.Name((CommandId)id)));
        }

        return commands;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void ACommandAllocatesNothing(int id, string name)
    {
        byte[]? lines = CommandSamples.Of((CommandId)id);
        Assert.True(
            lines is not null,
            "tests/Daemonproxy.Tests/Allocation/CommandSamples.cs has no lines for this command: add a line such as\n"
            + $"[CommandId.{(CommandId)id}] = \"{name}\\tgood\\n{name}\\tbad\\n\",\n"
            + "that runs it well and with each error, and leaves things as they were");
        using Bench bench = new();
        Assert.Equal(0, bench.Measure(lines, Runs));
    }

    [Fact]
    public void AnAllocationIsNoticed()
    {
        using Bench bench = new();
        bench.World.AfterTurn = () => GC.KeepAlive(new object());
        Assert.NotEqual(0, Allocated.By(bench.World.Turn));
    }

    [Fact]
    public void UnknownLongAndBrokenLinesAllocateNothing()
    {
        using Bench bench = new();
        byte[] lines = Encoding.ASCII.GetBytes("nonsense\t1\n# x\n\n\0\necho\ta\0b\n" + new string('x', 9000) + "\n");
        Assert.Equal(0, bench.Measure(lines, Runs));
    }

    [Fact]
    public void AServiceThatIsAControllerComesAndGoesForNothing()
    {
        using Bench bench = new();
        byte[] start = Encoding.ASCII.GetBytes(
            "service.args\tb\t/bin/runs\nservice.fds\tb\tcontrol.socket\nservice.start\tb\n");
        byte[] ask = Encoding.ASCII.GetBytes("echo\tx\nstatedump\nexit\n");
        byte[] end = Encoding.ASCII.GetBytes("service.signal\tb\tKILL\n");
        void Run(int runs)
        {
            for (int i = 0; i < runs; i++)
            {
                bench.Send(bench.Session, start);
                bench.Send(ControllerOf(bench), ask);
                bench.Send(bench.Session, end);
            }
        }

        Run(Warm);
        Assert.Equal(0, Allocated.By(() => Run(Runs)));
        Assert.True(bench.World.Running.Statistics[Protocol.Counter.Spawns] >= Runs + Warm);
    }

    [Fact]
    public void SignalsTimeAndAutoUpAllocateNothing()
    {
        using Bench bench = new();
        byte[] setup = Encoding.ASCII.GetBytes(
            "service.args\ta\t/bin/once\nservice.auto_up\ta\t1\talways\nservice.auto_up\tb\t1\tHUP\n");
        bench.Send(bench.Session, setup);
        void Run(int runs)
        {
            for (int i = 0; i < runs; i++)
            {
                bench.World.Kernel.Raise(new Signal(Signal.SIGHUP));
                bench.World.Kernel.Pass(Seconds.Nanoseconds);
                bench.World.Kernel.Horizon = bench.World.Kernel.Now();
                bench.Rest();
            }
        }

        Run(Warm);
        Assert.Equal(0, Allocated.By(() => Run(Runs)));
        Assert.True(bench.World.Running.Statistics[Protocol.Counter.Spawns] >= Runs + Warm);
    }

    [Fact]
    public void TheEndAllocatesNothing()
    {
        long least = long.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            using Bench bench = new();
            least = Math.Min(least, End(bench));
        }

        Assert.Equal(0, least);
    }

    private static long End(Bench bench)
    {
        bench.Send(bench.Session, "service.args\ta\t/bin/runs\nservice.start\ta\n"u8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bench.Send(bench.Session, "terminate\t5\n"u8);
        int exitCode = bench.World.Loop.Run();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(5, exitCode);
        return allocated;
    }

    private static Connection ControllerOf(Bench bench)
    {
        foreach (Connection controller in bench.World.Running.Connections.All)
        {
            if (controller.Record.Kind == ConnectionKind.Service)
            {
                return controller;
            }
        }

        throw new SimulationException("the service is no controller");
    }
}
