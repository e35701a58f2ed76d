using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Load.Workloads;

/// <summary>The time until a killed service with auto_up runs again.</summary>
internal sealed class Restart(Floor floor) : Workload(
    "restart", "restart", "50 services kept up: SIGKILL to the first instruction of the next run", Cost.None)
{
    private const int Services = 50;
    private Stamps? _stamps;

    public override void Prepare(Session session)
    {
        _stamps = new Stamps(session);
        session.First.RunUntil(
            System.Text.Encoding.ASCII.GetBytes(_stamps.Lines + Lines(Services, n =>
                $"service.args\tservice-{n}\t{floor.Stay}\nservice.fds\tservice-{n}\tnull\tstamps\tnull\n"
                + $"service.auto_up\tservice-{n}\t1\talways")),
            "\tup\t"u8,
            Services);

        // The next start comes a second after the last one at the earliest: that wait is none of the daemon's making.
        Thread.Sleep(TimeSpan.FromSeconds(1.2));
    }

    public override int Run(Session session)
    {
        List<long> times = [];
        int seen = _stamps!.Await(Services).Length;
        foreach (int pid in Up.Pids(session))
        {
            long before = Stopwatch.GetTimestamp();
            _ = kill(pid, SIGKILL);
            times.Add(_stamps.Await(++seen)[^1] - before);
        }

        Find("SIGKILL to next run", times);
        return Services;
    }
}
