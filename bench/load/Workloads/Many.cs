namespace Daemonproxy.Load.Workloads;

/// <summary>The memory of a daemon that has much to do.</summary>
internal sealed class Many(Floor floor) : Workload("many", "service", "1,000 services that are up: memory", Cost.None)
{
    private const int Count = 1_000;

    public override bool TellsMemory => true;

    public override void Prepare(Session session)
    {
        session.First.Run(Lines(Count, n =>
            $"service.args\tservice-{n}\t{floor.Stay}\t--number\t{n}\nservice.tags\tservice-{n}\tcolour=blue\n"
            + $"service.fds\tservice-{n}\tnull\tnull\tnull"));
        Up.Start(session, Count);
    }

    public override int Run(Session session) => Count;
}
