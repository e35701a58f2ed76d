using System.Collections.Generic;

namespace Daemonproxy.Load.Workloads;

/// <summary>The cost of many controllers: every change is announced to all.</summary>
internal sealed class Controllers() : Workload(
    "audience", "command", "20,000 times `service.tags` while 1, 2, 4, 8 and 16 controllers listen", Cost.None)
{
    private const int Count = 20_000;

    // So few that nobody's outbox overflows, however slow this reads.
    private const int AtOnce = 200;
    private const int Services = 100;

    public override void Prepare(Session session) =>
        session.First.Run(Lines(Services, n => $"service.args\tservice-{n}\t/bin/true"));

    public override int Run(Session session)
    {
        List<Conversation> others = [];
        foreach (int listening in (int[])[1, 2, 4, 8, 16])
        {
            while (others.Count < listening - 1)
            {
                others.Add(session.Connect());
                others[^1].Run(string.Empty);
            }

            Usage.AwaitRest(session.Pid);
            long before = Usage.Cpu(session.Pid);
            for (int sent = 0; sent < Count; sent += AtOnce)
            {
                session.First.Run(Lines(AtOnce, n => $"service.tags\tservice-{n % Services}\tnumber {n}"));
                others.ForEach(other => other.RunUntil([], "number 199\n"u8, 1));
            }

            Usage.AwaitRest(session.Pid);
            double used = (Usage.Cpu(session.Pid) - before) / 1000.0;
            Findings.Add(($"{listening} listening: CPU, µs per command", used / Count));
        }

        return Count;
    }
}
