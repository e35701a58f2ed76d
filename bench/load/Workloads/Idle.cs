using System;
using System.Threading;

namespace Daemonproxy.Load.Workloads;

/// <summary>Nothing at all, after a little of everything.</summary>
internal sealed class Idle(int seconds) : Workload(
    "idle", "second", "nothing, after 1,000 mixed commands, 20 runs and a statedump", Cost.Whole)
{
    private const int Runs = 20;

    public override bool TellsMemory => true;

    public override void Prepare(Session session)
    {
        session.First.Run(Lines(125, n =>
            $"echo\t{n}\nservice.args\ts{n}\t/bin/true\nservice.tags\ts{n}\ta\tb\nservice.fds\ts{n}\tnull\tnull\tnull\n"
            + $"fd.pipe\tr{n}\tw{n}\nfd.delete\tr{n}\nfd.delete\tw{n}\nno.such.command"));
        session.First.RunUntilDown(Lines(Runs, n => $"service.start\ts{n}"), Runs);
        session.First.Run("statedump\n");

        // A quarter of a second after its last work the daemon wakes once more, to give memory back.
        Thread.Sleep(TimeSpan.FromSeconds(1));
    }

    public override int Run(Session session)
    {
        Thread.Sleep(TimeSpan.FromSeconds(seconds));
        return seconds;
    }
}
