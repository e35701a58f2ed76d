using System;

namespace Daemonproxy.Agent.Planning;

/// <summary>
/// How long a machine that could start nothing takes no jobs: a second, and twice as long after each try, up to a
/// minute. A try is one job.
/// </summary>
internal sealed class StartPause
{
    private const int First = 1_000;
    private const int Most = 60_000;

    private int _next = First;

    /// <summary>Why the last job could not be started; null if it could.</summary>
    public string? Reason { get; private set; }

    /// <summary>When the next try is; null for now, or for no pause.</summary>
    public long? Until { get; private set; }

    /// <summary>How many jobs may be taken.</summary>
    /// <param name="free">How many there is room for.</param>
    /// <param name="launching">How many are being started.</param>
    public int Allowed(int free, int launching) => this switch
    {
        { Reason: null } => free,
        { Until: null } => Math.Min(free, Math.Max(0, 1 - launching)),
        _ => 0,
    };

    /// <summary>A job could not be started, and no other one could. Several at once are one try.</summary>
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

    /// <summary>A job was started. One that was begun before the failure says nothing about it.</summary>
    public void Succeed()
    {
        if (Until is null)
        {
            Reason = null;
            _next = First;
        }
    }

    /// <summary>A time has come.</summary>
    public void Wake(long now) => Until = Until <= now ? null : Until;
}
