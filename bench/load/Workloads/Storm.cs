using static Tmds.Linux.LibC;

namespace Daemonproxy.Load.Workloads;

/// <summary>Very many ends at once: reaping and telling.</summary>
internal sealed class Storm(Floor floor) : Workload("storm", "end", "500 services that are up, all killed at once")
{
    private const int Count = 500;
    private int[] _pids = [];

    public override void Prepare(Session session)
    {
        session.First.Run(Lines(Count, n => $"service.args\tservice-{n}\t{floor.Stay}"));
        _pids = Up.Start(session, Count);
    }

    public override int Run(Session session)
    {
        foreach (int pid in _pids)
        {
            _ = kill(pid, SIGKILL);
        }

        session.First.RunUntilDown(string.Empty, Count);
        return Count;
    }
}
