using System.Collections.Generic;
using System.Text;
using System.Threading;

namespace Daemonproxy.Load.Workloads;

/// <summary>The time that a controller waits for an answer while others send lines as fast as they are taken.</summary>
internal sealed class Flood() : Workload(
    "flood", "answer", "echoes one by one: alone, and beside 1, 4 and 8 controllers that flood", Cost.None)
{
    private const int Asked = 1_000;
    private static readonly byte[] s_lines =
        Encoding.ASCII.GetBytes(Lines(10_000, _ => "echo\tthe quick brown fox"));

    public override void Prepare(Session session)
    {
    }

    public override int Run(Session session)
    {
        Find("echo alone", Ping.Times(session.First, Asked));
        List<Conversation> others = [];
        foreach (int flooding in (int[])[1, 4, 8])
        {
            while (others.Count < flooding)
            {
                others.Add(session.Connect());
            }

            Find($"echo beside {flooding}", Beside(session.First, others));
        }

        return Asked;
    }

    private static List<long> Beside(Conversation asking, List<Conversation> others)
    {
        bool isOver = false;
        List<Thread> threads = others.ConvertAll(other => new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                other.Run(s_lines);
            }
        }));
        threads.ForEach(thread => thread.Start());
        List<long> times = Ping.Times(asking, Asked);
        Volatile.Write(ref isOver, true);
        threads.ForEach(thread => thread.Join());
        return times;
    }
}
