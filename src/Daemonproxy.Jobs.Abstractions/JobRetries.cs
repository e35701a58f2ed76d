using System;

namespace Daemonproxy.Jobs;

/// <summary>The number and the delays of retries of a job that failed or timed out.</summary>
/// <param name="Most">The most retries, not counting the first try; 0 to 1,000.</param>
public sealed record JobRetries(int Most)
{
    /// <summary>No retries.</summary>
    public static JobRetries None { get; } = new(0);

    /// <summary>The delay before the first retry. Each further delay is twice as long. 0 to 1 day.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay; 0 to 30 days.</summary>
    public TimeSpan MostDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Returns the delay after a number of tries; for implementations of <see cref="IJobs"/>.</summary>
    /// <param name="attempts">The number of tries so far; from 1.</param>
    public TimeSpan DelayAfter(int attempts)
    {
        double factor = Math.Pow(2, Math.Min(attempts - 1, 40));
        return FirstDelay.TotalMilliseconds * factor < MostDelay.TotalMilliseconds ? FirstDelay * factor : MostDelay;
    }
}
