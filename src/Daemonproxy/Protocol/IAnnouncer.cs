namespace Daemonproxy.Protocol;

/// <summary>Everybody who hears of state changes: what tables announce to, without knowing controllers.</summary>
internal interface IAnnouncer
{
    /// <summary>A line to be written by a generated event writer; one at a time.</summary>
    EventLine Begin();

    /// <summary>Gives the line to every controller that has room, and marks the others overflowed.</summary>
    void Announce(scoped in EventLine line);
}
