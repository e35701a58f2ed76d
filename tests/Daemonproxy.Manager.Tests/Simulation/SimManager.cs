using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Files;
using Daemonproxy.Manager.Planning;
using Daemonproxy.Manager.Tags;
using Xunit;

namespace Daemonproxy.Manager.Tests.Simulation;

/// <summary>A manager that is carried out against a daemon in memory, second by second.</summary>
internal sealed class SimManager(string file)
{
    private static readonly DateTimeOffset _epoch = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    public SimDaemon Daemon { get; } = new();

    public List<string> Log { get; } = [];

    public bool IsShuttingDown { get; set; }

    public ServiceGraph Graph { get; private set; } = GraphOf(file);

    public Moment Now => new(Daemon.Now, _epoch.AddSeconds(Daemon.Now.Value - 1000));

    public static ServiceGraph GraphOf(string file)
    {
        ServicesFileResult result = ServicesFile.Parse("/etc/services.toml", file);
        Assert.Empty(result.Problems);
        return new ServiceGraph(result.Services!);
    }

    public void Reload(string file) => Graph = GraphOf(file);

    public void Wish(string name, WishKind kind)
    {
        Daemon.Run(new DaemonCommand(
            "service.tag", name, Tags.Wish.Key, new Wish(kind, Now.Wall.ToUnixTimeMilliseconds()).ToString()));
        Settle();
    }

    public Plan Plan() => Planner.Make(Graph, Daemon.State, Now, IsShuttingDown);

    /// <summary>Plans until there is nothing to do in this second.</summary>
    public void Settle()
    {
        for (int round = 0; round < 50; round++)
        {
            Plan plan = Plan();
            Log.AddRange(plan.Log.Select(line => $"{Daemon.Now.Value - 1000,3} {line.Text}"));
            if (plan.Commands.Count == 0 || Daemon.HasEnded)
            {
                return;
            }

            foreach (DaemonCommand command in plan.Commands)
            {
                Daemon.Run(command);
            }

            Daemon.Launch();
        }

        Assert.Fail($"The manager does not come to rest: {string.Join(" | ", Plan().Commands)}");
    }

    public void Run(int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            Settle();
            Daemon.Tick();
        }

        Settle();
    }

    public ServicePhase? PhaseOf(string name) => Daemon.Find(name)?.Phase;
}
