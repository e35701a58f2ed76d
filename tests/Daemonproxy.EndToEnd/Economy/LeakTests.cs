using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Economy;

/// <summary>Nothing is left behind by runs and commands: no descriptor, no zombie, no byte.</summary>
public class LeakTests
{
    [Fact]
    public void FiveHundredLaunchesLeaveNoDescriptorAndNoZombie()
    {
        using Daemon daemon = Daemon.Interactive("-qq");
        Prepare(daemon);
        RunAll(daemon, 1);
        int before = CountAlone(daemon);
        RunAll(daemon, 125);
        Assert.Empty(Proc.Children(daemon.Pid));
        Assert.Equal(before, CountAlone(daemon));
    }

    [Fact]
    public void AHundredThousandCommandsAndFiveHundredRunsAllocateNothing()
    {
        // Errors are part of the mixture, and their messages would fill the log.
        using Daemon daemon = Daemon.Interactive("-qqq");
        Prepare(daemon);

        // Until every page that this mixture needs was touched.
        RunCommands(daemon, 20_000);
        RunAll(daemon, 50);
        daemon.Ask("statedump");
        long memory = Proc.Kilobytes(daemon.Pid, "Anonymous");
        long commands = daemon.Counters()["commands"];
        RunCommands(daemon, 110_000);
        RunAll(daemon, 125);
        daemon.Ask("statedump");
        Assert.True(daemon.Counters()["commands"] - commands > 100_000);
        Assert.Equal(0, daemon.Counters()["gc.allocated"]);

        // A page of the stack may be touched late, and memory of launches be given back; a leak of one byte a command
        // would be 27 pages.
        Assert.InRange(Proc.Kilobytes(daemon.Pid, "Anonymous"), 0, memory + 16);
    }

    private static int CountAlone(Daemon daemon)
    {
        Patience.Until(() => daemon.Counters()["controllers.used"] == 1, "only the session is left");
        return daemon.OpenDescriptors(daemon.Pid);
    }

    private static void RunCommands(Daemon daemon, int count)
    {
        for (int done = 0; done < count; done += 1000)
        {
            daemon.Ask([.. Enumerable.Range(0, 1000).Select(n => Mixture.Lines[n % Mixture.Lines.Length])]);
        }
    }

    // Good and bad starts, and controllers of both kinds.
    private static void Prepare(Daemon daemon) => daemon.Ask(
        "service.args⇥s0⇥/bin/true",
        "service.args⇥s1⇥/no/such/program",
        "service.args⇥s2⇥/bin/true",
        "service.fds⇥s2⇥control.socket⇥control.socket",
        "service.args⇥s3⇥/bin/true",
        "service.fds⇥s3⇥control.event⇥control.cmd⇥nowhere",
        "log.filter⇥fatal");

    private static void RunAll(Daemon daemon, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            daemon.Send("service.start⇥s0", "service.start⇥s1", "service.start⇥s2", "service.start⇥s3");
            for (int n = 0; n < 4; n++)
            {
                daemon.Await("service.state⇥*⇥down⇥*⇥*⇥exit⇥**");
            }
        }
    }
}
