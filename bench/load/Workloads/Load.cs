using System.Threading;

namespace Daemonproxy.Load.Workloads;

/// <summary>The time that a controller waits for its answer while another keeps the daemon busy.</summary>
internal sealed class Load() : Workload(
    "load", "answer", "2,000 echoes one by one, alone and while another controller sends lines without end", Cost.None)
{
    private const int Asked = 2_000;
    private const int Sent = 100_000;

    // Answered to the one that sends: what everybody hears could overflow the one that asks, and lose it an answer.
    private static readonly string s_flood = Lines(Sent, n => $"echo\tthe quick brown fox {n}");

    public override void Prepare(Session session) => session.First.Run(string.Empty);

    public override int Run(Session session)
    {
        Find("echo alone", Ping.Times(session.First, Asked));
        Conversation other = session.Connect();
        bool isOver = false;
        Thread flood = new(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                other.Run(s_flood);
            }
        });
        flood.Start();
        Find("echo under load", Ping.Times(session.First, Asked));
        Volatile.Write(ref isOver, true);
        flood.Join();
        return Asked;
    }
}
