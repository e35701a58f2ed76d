using System;
using System.Collections.Generic;
using Daemonproxy.Fleet;

namespace Daemonproxy.Agent.Running;

/// <summary>The options of an agent.</summary>
internal sealed record AgentOptions
{
    /// <summary>The control socket of its daemon. One of right <c>jobs</c> is enough.</summary>
    public required string Socket { get; init; }

    /// <summary>The name of the machine in the fleet.</summary>
    public required string Name { get; init; }

    /// <summary>The queues from which it takes jobs, in this order.</summary>
    public required IReadOnlyList<string> Queues { get; init; }

    /// <summary>The programs that it runs: paths and names exactly as in requests, or <c>*</c> for all.</summary>
    public required IReadOnlyList<string> Programs { get; init; }

    /// <summary>The directory of outputs until Redis has them; created with mode 0700.</summary>
    public required string Directory { get; init; }

    /// <summary>The prefix of the names of its services.</summary>
    public string Prefix { get; init; } = "fleet.";

    /// <summary>The most jobs that it runs at once.</summary>
    public int Places { get; init; } = 4;

    /// <summary>The time that the fleet waits for a machine before it gives its jobs to others.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The seconds from SIGTERM to SIGKILL of a job that exceeds its time limit.</summary>
    public int StopGrace { get; init; } = 10;

    /// <summary>The connection to Redis.</summary>
    public required FleetOptions Redis { get; init; }

    /// <summary>Receives log lines: a level and a sentence.</summary>
    public Action<string, string> Log { get; init; } = static (_, _) => { };
}

/// <summary>An error that ends the agent. The message is one sentence.</summary>
internal sealed class AgentException(string message, Exception? cause = null) : Exception(message, cause);
