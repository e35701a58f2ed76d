using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>The delay of <c>service.auto_up</c>, and that of an attempt after a refused launch.</summary>
/// <param name="interval">The seconds from start to start, as <c>service.auto_up</c> sets them; above 0.</param>
internal readonly struct RestartDelay(int interval)
{
    /// <summary>
    /// The seconds after a launch that the kernel refused. The kernel refuses for lack of memory or of processes; an
    /// end of another process cures that, which takes seconds rather than milliseconds. The next attempt comes soon
    /// enough for a person who watches, and costs a daemon with thousands of refused services little.
    /// </summary>
    public const int RetrySeconds = 3;

    /// <summary>The next attempt after a launch that was refused at this time.</summary>
    public static Instant AfterRefusal(Instant now) => now + new Seconds(RetrySeconds);

    /// <summary>
    /// The next start: an interval after the last one, so that a service which fails at once does not overload
    /// the machine, and one that ran longer is back at once. The first start has no delay.
    /// </summary>
    public Instant NextStart(Instant lastStart, Instant now)
    {
        Instant next = lastStart.IsNone ? now : lastStart + new Seconds(interval);
        return next > now ? next : now;
    }
}
