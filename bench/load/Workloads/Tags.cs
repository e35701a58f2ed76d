namespace Daemonproxy.Load.Workloads;

/// <summary>A command that changes something small: what looking up, storing and telling cost.</summary>
internal sealed class Tags() : Workload("tags", "command", "100,000 times `service.tags`, over 100 services")
{
    private const int Count = 100_000;
    private const int Services = 100;
    private static readonly string s_text = Lines(
        Count, n => $"service.tags\tservice-{n % Services}\tcolour=blue\t{n}");

    public override void Prepare(Session session) =>
        session.First.Run(Lines(Services, n => $"service.args\tservice-{n}\t/bin/true"));

    public override int Run(Session session)
    {
        session.First.Run(s_text);
        return Count;
    }
}
