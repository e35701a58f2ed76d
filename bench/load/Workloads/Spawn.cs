namespace Daemonproxy.Load.Workloads;

/// <summary>
/// Starting many services at once, all of which end at once; beside a bare loop in C that does the same without us.
/// </summary>
internal sealed class Spawn(string program, Floor floor) : Workload(
    "spawn", "run", "500 services started at once, each ends at once")
{
    private const int Count = 500;

    public override void Prepare(Session session)
    {
        Findings.AddRange(floor.Burst(program, Count));
        session.First.Run(Lines(Count, n => $"service.args\tservice-{n}\t{program}"));
    }

    public override int Run(Session session)
    {
        session.First.RunUntilDown(Lines(Count, n => $"service.start\tservice-{n}"), Count);
        return Count;
    }
}
