using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text;

namespace Daemonproxy.Load.Workloads;

/// <summary>
/// The time until a run begins and until its end is announced, one run after the other, beside a bare loop of vfork,
/// exec and wait in C.
/// </summary>
internal sealed class Launch(Floor floor) : Workload(
    "launch", "run", "1,000 runs one by one: start to first instruction, last instruction to `down`")
{
    private const int Runs = 1000;
    private static readonly byte[] s_start = Encoding.ASCII.GetBytes("service.start\ta\n");
    private Stamps? _stamps;

    public override void Prepare(Session session)
    {
        _stamps = new Stamps(session);
        session.First.Run(
            $"{_stamps.Lines}service.args\ta\t{floor.Stamp}\nservice.fds\ta\tnull\tstamps\tnull\n");
    }

    public override int Run(Session session)
    {
        List<long> starts = [];
        List<long> ends = [];
        for (int run = 0; run < Runs; run++)
        {
            starts.Add(Stopwatch.GetTimestamp());
            session.First.RunUntil(s_start, "\tdown\t"u8, 1);
            ends.Add(Stopwatch.GetTimestamp());
        }

        ReadOnlySpan<long> stamps = _stamps!.Read();
        for (int run = 0; run < Runs; run++)
        {
            starts[run] = stamps[2 * run] - starts[run];
            ends[run] -= stamps[(2 * run) + 1];
        }

        Find("start to first instruction", starts);
        Find("last instruction to down", ends);
        Findings.AddRange(floor.Spawn(session.Folder, Runs));
        return Runs;
    }
}
