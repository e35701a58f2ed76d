using System.Globalization;
using System.Text;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Full tables: an error to the sender, and nothing else.</summary>
public sealed class LimitTests
{
    [Fact]
    public void FullOfServices()
    {
        using SimWorld world = new();
        world.Start("-i");
        for (int i = 0; i < Limits.Services; i++)
        {
            Say(world, $"service.tags\ts{i:x}\tx");
        }

        Receive(world);
        Say(world, "service.tags\tmore\tx");
        Assert.Equal("error\tUnable to allocate new service, for command \"service.tags\tmore\tx\"\n", Receive(world));
        Say(world, "service.args\t!");
        Assert.StartsWith("error\tInvalid service name", Receive(world), System.StringComparison.Ordinal);
        Say(world, "service.tags\ts1\ty");
        Assert.Equal("service.tags\ts1\ty\n", Receive(world));
        Say(world, "service.delete\ts1");
        Say(world, "service.tags\tmore\tx");
        Assert.EndsWith("service.tags\tmore\tx\n", Receive(world), System.StringComparison.Ordinal);
        Assert.Equal(5L * Limits.Services, CountDumped(world, "service."));
    }

    [Fact]
    public void FullOfDescriptors()
    {
        using SimWorld world = new();
        world.Kernel.DescriptorLimit = 2 * Limits.Fds;
        world.Start("-i");
        int already = world.Running.Fds.Used;
        for (int i = already; i < Limits.Fds - 1; i++)
        {
            Say(world, $"fd.open\tf{i:x}\tread\t/dev/null");
        }

        Receive(world);
        int open = world.Kernel.OpenCount;
        const string Full = "error\tUnable to allocate new file descriptor object, for command \"";
        Say(world, "fd.pipe\tr\tw");
        Assert.Equal(Full + "fd.pipe\tr\tw\"\n", Receive(world));
        Say(world, "fd.open\tlast\tread\t/dev/null");
        Assert.Equal("fd.state\tlast\tfile\tread\t/dev/null\n", Receive(world));
        Say(world, "fd.open\tmore\tread\t/dev/null");
        Assert.Equal(Full + "fd.open\tmore\tread\t/dev/null\"\n", Receive(world));
        Say(world, "fd.open\tmore\twrite,create\t/tmp/new");
        Assert.Equal(Full + "fd.open\tmore\twrite,create\t/tmp...\"\n", Receive(world));
        Assert.Null(world.Kernel.NodeAt("/tmp/new"));
        Assert.Equal(open + 1, world.Kernel.OpenCount);

        // A name used again needs no free record; that a file cannot be opened is told first.
        Say(world, "fd.pipe\tlast\tf10");
        Assert.StartsWith("fd.state\tlast\tpipe\tfrom\tf10\n", Receive(world), System.StringComparison.Ordinal);
        Say(world, "fd.open\tmore\tread\t/tmp/none");
        Assert.StartsWith("error\topen failed: No such file", Receive(world), System.StringComparison.Ordinal);
        Assert.Equal(Limits.Fds, CountDumped(world, "fd.state"));
    }

    [Fact]
    public void WithoutMemoryCommandsFailOneByOneAndNothingIsLeftBehind()
    {
        using SimWorld world = new();
        world.Start("-i");
        world.Kernel.ImageBudget = 200_000;
        int created = 0;
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            Say(world, $"service.tags\ts{i}\t" + new string('x', i % 300));
            Say(world, $"service.args\ts{i}\t/bin/x");
            Say(world, $"fd.open\tf{i}\tread\t/dev/null");
            string heard = Receive(world);
            created += heard.StartsWith("service.tags\t", System.StringComparison.Ordinal) ? 1 : 0;
            refused += heard.Contains("error\t", System.StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(created, 200, 1900);
        Assert.InRange(refused, 100, 1900);
        Assert.Equal(5 * world.Running.Services.Used, CountDumped(world, "service."));
        world.Kernel.ImageBudget = long.MaxValue;
        Say(world, "service.tags\tafter\tx");
        Assert.Equal("service.tags\tafter\tx\n", Receive(world));
    }

    [Fact]
    public void ATurnMakesAsManyProcessesAsItsBudgetAllows()
    {
        using SimWorld world = new();
        SendStarts(world);
        Assert.Equal([Limits.LaunchesPerTurn, Limits.LaunchesPerTurn, 4], LaunchesOfTurns(world, 3));
    }

    [Fact]
    public void WhileAControllerTalksATurnMakesOneProcess()
    {
        using SimWorld world = new();
        SendStarts(world);
        world.Connect("other", "/run/control");
        world.PeerOf("other")!.Send("echo\tx\n"u8);
        Assert.Equal([1, 1, 1], LaunchesOfTurns(world, 3));
    }

    [Fact]
    public void OnlyWhileStartsAreDueTheDaemonHasMoreWeight()
    {
        using SimWorld world = new();
        SendStarts(world);
        Assert.False(world.Kernel.IsPriorityRaised);
        LaunchesOfTurns(world, 1);
        Assert.True(world.Kernel.IsPriorityRaised);
        Say(world, "service.state");
        Assert.False(world.Kernel.IsPriorityRaised);
    }

    private static void SendStarts(SimWorld world)
    {
        world.Kernel.AddProgram("/bin/x");
        world.Kernel.AddNode("/run", SimNodeKind.Directory);
        world.Start("-i", "-S", "/run/control");
        for (int i = 0; i < 20; i++)
        {
            Say(world, $"service.args\ts{i}\t/bin/x");
        }

        StringBuilder starts = new();
        for (int i = 0; i < 20; i++)
        {
            starts.Append(CultureInfo.InvariantCulture, $"service.start\ts{i}\n");
        }

        world.Session.Send(Encoding.ASCII.GetBytes(starts.ToString()));
    }

    private static int[] LaunchesOfTurns(SimWorld world, int turns)
    {
        int[] launches = new int[turns];
        for (int i = 0; i < turns; i++)
        {
            long before = world.Running.Statistics[Counter.Spawns];
            world.Turn();
            launches[i] = (int)(world.Running.Statistics[Counter.Spawns] - before);
        }

        return launches;
    }

    private static void Say(SimWorld world, string line)
    {
        world.Session.Send(Encoding.ASCII.GetBytes(line + "\n"));
        world.Settle();
    }

    private static string Receive(SimWorld world) => world.Session.TakeReceived();

    private static long CountDumped(SimWorld world, string prefix)
    {
        Receive(world);
        Say(world, "statedump");
        long count = 0;
        foreach (string line in Receive(world).Split('\n'))
        {
            count += line.StartsWith(prefix, System.StringComparison.Ordinal) ? 1 : 0;
        }

        return count;
    }
}
