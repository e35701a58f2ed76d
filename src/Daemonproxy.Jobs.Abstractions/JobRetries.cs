using System;

namespace Daemonproxy.Jobs;

/// <summary>How often a job that failed or ran out of time is tried again, and when.</summary>
/// <param name="Most">How many times at most, beside the first try; 0 to 1,000.</param>
public sealed record JobRetries(int Most)
{
    /// <summary>Not at all.</summary>
    public static JobRetries None { get; } = new(0);

    /// <summary>The wait before the first one. Each further wait is twice as long. 0 to 1 day.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait; 0 to 30 days.</summary>
    public TimeSpan MostDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The wait after a number of tries, for those who run jobs.</summary>
    /// <param name="attempts">How many tries there were; from 1.</param>
    public TimeSpan DelayAfter(int attempts)
    {
        double factor = Math.Pow(2, Math.Min(attempts - 1, 40));
        return FirstDelay.TotalMilliseconds * factor < MostDelay.TotalMilliseconds ? FirstDelay * factor : MostDelay;
    }
}
