using System.Diagnostics;
using System.Threading;

namespace Daemonproxy.Load.Workloads;

/// <summary>
/// The time of an answer to a controller, and of a run, while another controller has 500 services started at
/// once, again and again.
/// </summary>
internal sealed class Crowd(string program, Floor floor) : Workload(
    "crowd", "answer", "echoes, one each millisecond: alone, and while 500 services start", Cost.None)
{
    private const int Services = 500;
    private const int Asked = 1_000;
    private const int PauseMilliseconds = 1;

    public override void Prepare(Session session)
    {
        Findings.AddRange(floor.Burst(program, Services));
        Findings.AddRange(floor.Answer(program, Asked));
        session.First.Run(Lines(Services, n => $"service.args\tservice-{n}\t{program}"));
    }

    public override int Run(Session session)
    {
        Conversation other = session.Connect();
        Find("echo alone", Ping.Times(session.First, Asked, PauseMilliseconds));
        bool isOver = false;
        int rounds = 0;
        long begin = Stopwatch.GetTimestamp();
        long end = begin;
        Thread starts = new(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                other.RunUntilDown(Lines(Services, n => $"service.start\tservice-{n}"), Services);
                rounds++;
            }

            end = Stopwatch.GetTimestamp();
        });
        starts.Start();
        Find("echo while 500 start", Ping.Times(session.First, Asked, PauseMilliseconds));
        Volatile.Write(ref isOver, true);
        starts.Join();
        double wall = Stopwatch.GetElapsedTime(begin, end).TotalMicroseconds;
        Findings.Add(("wall per run meanwhile, µs", wall / rounds / Services));
        return Asked;
    }
}
