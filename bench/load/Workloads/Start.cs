using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Load.Workloads;

/// <summary>From nothing to the first instruction of the first service.</summary>
internal sealed class Start(Floor floor) : Workload(
    "start", "start", "from the daemon's own exec to its first service's first instruction, 20 times", Cost.None)
{
    private const int Starts = 20;

    public override void Prepare(Session session)
    {
    }

    public override int Run(Session session)
    {
        Stamps stamps = new(session);
        string config = Path.Combine(session.Folder, "config");
        File.WriteAllText(
            config,
            $"{stamps.Lines}service.args\ta\t{floor.Stamp}\nservice.fds\ta\tnull\tstamps\tnull\nservice.start\ta\n");
        List<long> times = [];
        for (int start = 0; start < Starts; start++)
        {
            File.Delete(stamps.Path);
            long before = Stopwatch.GetTimestamp();
            ChildProcess daemon = new([session.Program, "-c", config], -1, -1);
            times.Add(stamps.Await(1)[0] - before);
            daemon.Signal(SIGKILL);
            daemon.AwaitEnd();
        }

        Find("start", times);
        return Starts;
    }
}
