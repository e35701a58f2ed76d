using System;

namespace Daemonproxy.Agent.Planning;

/// <summary>
/// The pause of a machine that could start no job: a second, and twice as long after each try, up to a minute. A try
/// takes one job.
/// </summary>
internal sealed class StartPause
{
    private const int First = 1_000;
    private const int Most = 60_000;

    private int _next = First;

    /// <summary>The reason why the last job could not be started; null if it could.</summary>
    public string? Reason { get; private set; }

    /// <summary>The time of the next try; null for now, or for no pause.</summary>
    public long? Until { get; private set; }

    /// <summary>The number of jobs that may be taken.</summary>
    /// <param name="free">The number of free places.</param>
    /// <param name="launching">The number of jobs that are being started.</param>
    public int Allowed(int free, int launching) => this switch
    {
        { Reason: null } => free,
        { Until: null } => Math.Min(free, Math.Max(0, 1 - launching)),
        _ => 0,
    };

    /// <summary>Handles a job that could not be started because of the machine. Several at once are one try.</summary>
    /// <returns>The length of the pause in milliseconds; null if it has begun before.</returns>
    public int? Fail(string reason, long now)
    {
        Reason = reason;
        if (Until is not null)
        {
            return null;
        }

        int length = _next;
        Until = now + length;
        _next = Math.Min(2 * length, Most);
        return length;
    }

    /// <summary>Handles a started job. A start from before the failure does not end the pause.</summary>
    public void Succeed()
    {
        if (Until is null)
        {
            Reason = null;
            _next = First;
        }
    }

    /// <summary>Handles expired times.</summary>
    public void Wake(long now) => Until = Until <= now ? null : Until;
}
