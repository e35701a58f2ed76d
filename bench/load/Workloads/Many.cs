using System;
using System.Threading;

namespace Daemonproxy.Load.Workloads;

/// <summary>
/// The memory of a daemon that has much to do; with a user, a directory, two variables and a limit each.
/// </summary>
internal sealed class Many(Floor floor, bool hasSettings) : Workload(
    hasSettings ? "many-settings" : "many", "service",
    hasSettings ? "1,000 services that are up, with five settings each: memory" : "1,000 services that are up: memory",
    Cost.None)
{
    private const int Count = 1_000;

    public override bool TellsMemory => true;

    public override void Prepare(Session session)
    {
        session.First.Run(Lines(Count, n =>
            $"service.args\tservice-{n}\t{floor.Stay}\t--number\t{n}\nservice.tags\tservice-{n}\tcolour=blue\n"
            + $"service.fds\tservice-{n}\tnull\tnull\tnull"
            + (hasSettings ? Settings($"service-{n}") : string.Empty)));
        Up.Start(session, Count);

        // A quarter of a second after its last work the daemon gives memory back.
        Thread.Sleep(TimeSpan.FromSeconds(1));
    }

    public override int Run(Session session) => Count;

    private static string Settings(string service) =>
        $"\nservice.user\t{service}\t65534\t65534\t-\nservice.dir\t{service}\t/usr\n"
        + $"service.env\t{service}\tLANG\tKIND=measured\nservice.limits\t{service}\tnofile=256:512";
}
