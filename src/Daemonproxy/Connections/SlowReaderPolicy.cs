using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>The action for a connection whose output is blocked.</summary>
internal enum SlowReaderVerdict
{
    /// <summary>No action yet.</summary>
    Wait,

    /// <summary>Its events and answers are discarded until it reads again, so that its commands can run.</summary>
    DiscardEvents,

    /// <summary>It is closed.</summary>
    Close,
}

/// <summary>Decides how long the daemon waits for a controller that does not read.</summary>
/// <param name="blockedSince">The time since which the output has been blocked; none if it is not.</param>
/// <param name="resetSeconds">Seconds until events are discarded.</param>
/// <param name="closeSeconds">Seconds until the connection is closed.</param>
/// <param name="commandsWait">True if commands wait for room in an outbox whose events could be discarded.</param>
internal readonly struct SlowReaderPolicy(
    Instant blockedSince, int resetSeconds, int closeSeconds, bool commandsWait)
{
    /// <summary>
    /// Seconds until events are discarded, unless <c>conn.event_timeout</c> sets others. A controller that waits to
    /// write its commands before it reads waits for ever, since commands wait for its reading: one of the two has to
    /// give way. A script runs other programs between two reads, which may wait for a name server (twice 5 s,
    /// resolv.conf(5)) or a disk; 15 s let it do so without losing an event.
    /// </summary>
    public const int DefaultReset = 15;

    /// <summary>
    /// Seconds until the connection is closed, unless <c>conn.event_timeout</c> sets others: twice as long, so that a
    /// controller whose events were discarded has as much time again to read the rest. A controller that has not read
    /// by then is stopped or hangs, and others need its slot.
    /// </summary>
    public const int DefaultClose = 30;

    /// <summary>The time at which an action is due; never while the output is not blocked.</summary>
    public Instant Due =>
        blockedSince.IsNone ? Instant.Never
        : commandsWait ? Instant.Earlier(ResetAt, CloseAt)
        : CloseAt;

    private Instant ResetAt => blockedSince + new Seconds(resetSeconds);

    private Instant CloseAt => blockedSince + new Seconds(closeSeconds);

    public SlowReaderVerdict Judge(Instant now) =>
        now < Due ? SlowReaderVerdict.Wait
        : now >= CloseAt ? SlowReaderVerdict.Close
        : SlowReaderVerdict.DiscardEvents;
}
