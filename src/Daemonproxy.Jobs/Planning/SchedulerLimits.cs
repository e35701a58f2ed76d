using System;
using System.Collections.Generic;

namespace Daemonproxy.Jobs.Planning;

/// <summary>How many jobs run at once, and how long a stop takes.</summary>
/// <param name="Most">Of all queues together.</param>
/// <param name="MostInAQueue">Of a queue that is not named.</param>
/// <param name="Queues">Of those that are.</param>
/// <param name="StopGrace">The time until SIGKILL of one whose time is over.</param>
internal sealed record SchedulerLimits(
    int Most, int MostInAQueue, IReadOnlyDictionary<string, int> Queues, TimeSpan StopGrace)
{
    public int Of(string queue) => Queues.TryGetValue(queue, out int most) ? most : MostInAQueue;
}
