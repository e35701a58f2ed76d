using System.Collections.Generic;
using System.Linq;
using System.Text;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Load.Workloads;

/// <summary>The costs with many services, which should not be higher.</summary>
internal sealed class Scale(Settings settings) : Workload(
    "scale", "run", "10 to 10,000 services that are up: a command, an end, a start, a turn, a dump", Cost.None)
{
    private const int Commands = 20_000;
    private const int Restarts = 100;
    private const int Turns = 1_000;

    public override void Prepare(Session session) => session.First.Run(string.Empty);

    public override int Run(Session session)
    {
        int before = 0;
        foreach (int services in (int[])[10, 100, 1_000, 10_000])
        {
            if (services > settings.MostServices)
            {
                break;
            }

            session.First.Run(Lines(services - before, n =>
                $"service.args\tservice-{n + before}\t{settings.Floor.Stay}\n"
                + $"service.tags\tservice-{n + before}\tcolour=blue"));
            int[] pids = Up.Start(session, services, before);
            before = services;
            Measure(session, services, pids);
        }

        return before;
    }

    private void Measure(Session session, int services, int[] pids)
    {
        string tags = Lines(Commands, n => $"service.tags\tservice-{n * 7919L % services}\tcolour=blue\t{n}");
        Find(session, services, "command", Commands, () => session.First.Run(tags));
        Find(session, services, "turn", Turns, () => Ping.Times(session.First, Turns));
        int[] killed = [.. pids.Take(Restarts)];
        Find(session, services, "end", killed.Length, () =>
        {
            foreach (int pid in killed)
            {
                _ = kill(pid, SIGKILL);
            }

            session.First.RunUntilDown(string.Empty, killed.Length);
        });
        string starts = string.Concat(Down(session).Select(name => $"service.start\t{name}\n"));
        Find(session, services, "start", killed.Length, () =>
            session.First.RunUntil(Encoding.ASCII.GetBytes(starts), "\tup\t"u8, killed.Length));
        Find(session, services, "service of a dump", services, () => session.First.Run("statedump\n"));
    }

    private void Find(Session session, int services, string what, int units, System.Action work)
    {
        Usage.AwaitRest(session.Pid);
        long before = Usage.Cpu(session.Pid);
        work();
        Usage.AwaitRest(session.Pid);
        double used = (Usage.Cpu(session.Pid) - before) / 1000.0;
        Findings.Add(($"{what}, {services} up: CPU, µs", used / units));
    }

    private static IEnumerable<string> Down(Session session) =>
        session.First.Ask("statedump\necho\tall told\n", "all told").Split('\n')
            .Select(line => line.Split('\t'))
            .Where(fields => fields is ["service.state", _, "down", ..])
            .Select(fields => fields[1]);
}
