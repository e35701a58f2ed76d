using System.Collections.Generic;

namespace Daemonproxy.Jobs.Running;

/// <summary>How many jobs there are that are not over.</summary>
/// <param name="Queued">Those that wait.</param>
/// <param name="Active">Those of each queue that are starting or run.</param>
internal sealed record JobCounts(int Queued, IReadOnlyDictionary<string, int> Active);
