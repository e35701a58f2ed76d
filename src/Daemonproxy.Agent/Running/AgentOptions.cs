using System;
using System.Collections.Generic;
using Daemonproxy.Fleet;

namespace Daemonproxy.Agent.Running;

/// <summary>What an agent is, and may do.</summary>
internal sealed record AgentOptions
{
    /// <summary>The control socket of its daemon. One of right <c>jobs</c> is enough.</summary>
    public required string Socket { get; init; }

    /// <summary>The name of the machine in the fleet.</summary>
    public required string Name { get; init; }

    /// <summary>The queues that it takes jobs of, in the order in which they are looked at.</summary>
    public required IReadOnlyList<string> Queues { get; init; }

    /// <summary>The programs that it runs: paths and names as a request has them, or <c>*</c> for all.</summary>
    public required IReadOnlyList<string> Programs { get; init; }

    /// <summary>Where outputs are until Redis has them; made with mode 0700.</summary>
    public required string Directory { get; init; }

    /// <summary>What the names of its services begin with.</summary>
    public string Prefix { get; init; } = "fleet.";

    /// <summary>How many jobs it runs at once.</summary>
    public int Places { get; init; } = 4;

    /// <summary>How long the fleet waits for a machine before it gives its jobs to others.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Seconds from SIGTERM to SIGKILL for a job whose time is over.</summary>
    public int StopGrace { get; init; } = 10;

    /// <summary>Where Redis is.</summary>
    public required FleetOptions Redis { get; init; }

    /// <summary>Where it logs: a level and a sentence.</summary>
    public Action<string, string> Log { get; init; } = static (_, _) => { };
}

/// <summary>Something that ends the agent. Its text is one sentence.</summary>
internal sealed class AgentException(string message, Exception? cause = null) : Exception(message, cause);
