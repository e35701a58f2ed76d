using System.Collections.Generic;

namespace Daemonproxy.Jobs.Running;

/// <summary>The numbers of unfinished jobs.</summary>
/// <param name="Queued">Waiting jobs.</param>
/// <param name="Active">Starting or running jobs of each queue.</param>
internal sealed record JobCounts(int Queued, IReadOnlyDictionary<string, int> Active);
