using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Agent.Planning;

namespace Daemonproxy.Fleet.Tests.Planning;

/// <summary>A job in the Redis of the simulation, with an account of all its runs.</summary>
internal sealed class SimJob(string name)
{
    public string Name => name;

    public string Status { get; set; } = "queued";

    public long Fence { get; set; }

    public string Agent { get; set; } = "";

    public int? Stop { get; set; }

    public int Runs { get; set; }

    public int Reports { get; set; }

    public int Lost { get; set; }

    public int Back { get; set; }

    public long Done { get; set; }

    public bool IsOver => Status is not ("queued" or "running");
}

/// <summary>The scripts of the fleet without Redis: leases, fences, accounts.</summary>
internal sealed class SimRedis
{
    private const long Lease = 3000;

    private readonly Dictionary<string, (string Instance, string Mark, long Until)> _agents = [];

    public Dictionary<string, SimJob> Jobs { get; } = [];

    public void Accept(string name) => Jobs.Add(name, new SimJob(name));

    /// <summary>As renew.lua; null if the machine has to register first, or cannot.</summary>
    public IReadOnlyList<(string Name, long Fence, int? Stop)>? Renew(
        string agent, string instance, string mark, bool registers, long now)
    {
        bool isKnown = _agents.TryGetValue(agent, out (string Instance, string Mark, long Until) known);
        if (registers)
        {
            if (isKnown && known.Instance != instance && known.Mark != mark && known.Until > now)
            {
                return null;
            }

            if (isKnown && known.Mark != mark)
            {
                TakeAllFrom(agent);
            }
        }
        else if (!isKnown || known.Instance != instance)
        {
            return null;
        }

        _agents[agent] = (instance, mark, now + Lease);
        foreach (string late in _agents.Where(one => one.Value.Until < now).Select(static one => one.Key).ToArray())
        {
            TakeAllFrom(late);
            _agents.Remove(late);
        }

        return [.. Jobs.Values.Where(job => job.Status == "running" && job.Agent == agent)
            .Select(static job => (job.Name, job.Fence, job.Stop))];
    }

    public IReadOnlyList<RunTerms> Take(string agent, string instance, int places, long now)
    {
        if (!_agents.TryGetValue(agent, out (string Instance, string, long) known) || known.Instance != instance)
        {
            return [];
        }

        List<RunTerms> taken = [];
        foreach (SimJob job in Jobs.Values.Where(static job => job.Status == "queued").Take(places))
        {
            job.Status = "running";
            job.Agent = agent;
            job.Fence = Math.Max(job.Fence + 1, now);
            job.Runs++;
            taken.Add(new RunTerms(job.Name, "", job.Fence) { Limit = job.Name.EndsWith('5') ? 900 : null });
        }

        return taken;
    }

    public Ownership Owner(string name, string agent, long fence) => Jobs[name] switch
    {
        { Done: var done } when done == fence => Ownership.Again,
        { Status: "running" } job when job.Fence == fence && job.Agent == agent => Ownership.Mine,
        _ => Ownership.Late,
    };

    public Ownership Finish(string name, string agent, long fence, string status)
    {
        Ownership whose = Owner(name, agent, fence);
        if (whose == Ownership.Mine)
        {
            SimJob job = Jobs[name];
            job.Reports++;
            job.Done = fence;
            job.Status = status;
        }

        return whose;
    }

    public void GiveBack(string name, string agent, long fence, string how)
    {
        if (Owner(name, agent, fence) == Ownership.Mine)
        {
            Return(Jobs[name], how);
        }
    }

    public void Stop(string name)
    {
        SimJob job = Jobs[name];
        job.Stop ??= 1;
        if (job.Status == "queued")
        {
            job.Status = "stopped";
        }
    }

    private void TakeAllFrom(string agent)
    {
        foreach (SimJob job in Jobs.Values.Where(job => job.Status == "running" && job.Agent == agent))
        {
            Return(job, "lost");
        }
    }

    private static void Return(SimJob job, string how)
    {
        job.Lost += how == "lost" ? 1 : 0;
        job.Back += how == "lost" ? 0 : 1;
        job.Status = job.Stop is null ? "queued" : "stopped";
    }
}
