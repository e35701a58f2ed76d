namespace Daemonproxy.Load.Workloads;

/// <summary>Making services, each by two commands.</summary>
internal sealed class Define() : Workload("define", "service", "5,000 services, with arguments and descriptors")
{
    public const int Count = 5_000;

    /// <summary>Makes them all.</summary>
    public static string Text { get; } = Lines(
        Count,
        n => $"service.args\tservice-{n}\t/usr/bin/program\t--number\t{n}\n"
            + $"service.fds\tservice-{n}\tnull\tstdout\tstderr");

    public override void Prepare(Session session) => session.First.Run(string.Empty);

    public override int Run(Session session)
    {
        session.First.Run(Text);
        return Count;
    }
}
