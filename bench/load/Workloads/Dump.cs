namespace Daemonproxy.Load.Workloads;

/// <summary>Telling everything there is to tell, again and again.</summary>
internal sealed class Dump() : Workload("dump", "service", "20 times `statedump` of those 5,000 services")
{
    private const int Dumps = 20;

    public override void Prepare(Session session)
    {
        session.First.Run(Define.Text);
        session.First.Run("statedump\n");
    }

    public override int Run(Session session)
    {
        for (int dump = 0; dump < Dumps; dump++)
        {
            session.First.Run("statedump\n");
        }

        return Dumps * Define.Count;
    }
}
