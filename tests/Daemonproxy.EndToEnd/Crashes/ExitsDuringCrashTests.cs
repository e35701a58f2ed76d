using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>Children that end while the daemon is being replaced.</summary>
public class ExitsDuringCrashTests
{
    [Fact]
    public void EveryExitStatusIsAnnouncedSoonerOrLater()
    {
        const int Count = 200;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();

        // They wait for one file and then end, each with its own code, while signals crash the daemon.
        string script = scratch.Script("wait", $"read -r go <{scratch["gate"]}\nexit $1");
        using ChildProcess fifo = new Launch("/usr/bin/mkfifo", scratch["gate"]).Start();
        Assert.Equal(0, fifo.AwaitExit().Status);
        daemon.Send([.. Enumerable.Range(0, Count).Select(n => $"service.args⇥s{n}⇥{script}⇥{n}")]);
        daemon.Send([.. Enumerable.Range(0, Count).Select(n => $"service.start⇥s{n}")]);
        for (int n = 0; n < Count; n++)
        {
            daemon.Await("service.state⇥*⇥up⇥**");
        }

        // A line for each. Opened for both, the FIFO has a writer for whoever comes late, too.
        string lines = $"printf '%{Count}s' '' | tr ' ' '\\n'";
        using ChildProcess opener = new Launch(
            "/bin/sh", "-c", $"exec 3<>{scratch["gate"]}; {lines} >&3; exec sleep 600").Start();
        for (int crash = 0; crash < 5; crash++)
        {
            daemon.Signal(SIGSEGV);
            daemon.Await("overflow");
        }

        Patience.Until(() => Proc.Children(daemon.Pid).Length == 0, "all services have ended");
        Assert.Equal(5, daemon.Counters()["crashes"]);
        string[] states = [.. daemon.Dump().Where(line => Text.Matches(line, "service.state⇥**"))];
        Assert.Equal(Count, states.Length);
        Assert.All(
            states,
            state => Assert.True(
                Text.Matches(state, $"service.state⇥*⇥down⇥*⇥*⇥exit⇥{state.Split('⇥')[1][1..]}⇥*⇥*"), state));
    }
}
