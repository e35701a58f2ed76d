using System;
using System.Collections.Generic;

namespace Daemonproxy.Jobs.Planning;

/// <summary>The most jobs that run at once, and the grace time of a stop.</summary>
/// <param name="Most">Of all queues together.</param>
/// <param name="MostInAQueue">Of a queue that is not named.</param>
/// <param name="Queues">Of those that are.</param>
/// <param name="StopGrace">The time until SIGKILL of a job that exceeds its time limit.</param>
internal sealed record SchedulerLimits(
    int Most, int MostInAQueue, IReadOnlyDictionary<string, int> Queues, TimeSpan StopGrace)
{
    public int Of(string queue) => Queues.TryGetValue(queue, out int most) ? most : MostInAQueue;
}
