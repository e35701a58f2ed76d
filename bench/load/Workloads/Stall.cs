using System.Threading;

namespace Daemonproxy.Load.Workloads;

/// <summary>The time that a controller waits for its answer while another gets a long dump.</summary>
internal sealed class Stall() : Workload(
    "stall", "answer", "echoes one by one, alone and while another controller dumps 10,000 services", Cost.None)
{
    private const int Services = 10_000;

    // Echoes: a change, which is announced to all, could overflow the other controller and cut its dump short.
    private const int Asked = 1_000;

    public override void Prepare(Session session) =>
        session.First.Run(Lines(Services, n =>
            $"service.args\tservice-{n}\t/usr/bin/program\t--number\t{n}\nservice.tags\tservice-{n}\tcolour=blue"));

    public override int Run(Session session)
    {
        Find("echo alone", Ping.Times(session.First, Asked));
        Conversation other = session.Connect();
        bool isOver = false;
        int dumps = 0;
        Thread dump = new(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                other.Run("statedump\n");
                dumps++;
            }
        });
        dump.Start();
        Find("echo during dumps", Ping.Times(session.First, Asked));
        Volatile.Write(ref isOver, true);
        dump.Join();
        Findings.Add(("dumps meanwhile", dumps));
        return Asked;
    }
}
