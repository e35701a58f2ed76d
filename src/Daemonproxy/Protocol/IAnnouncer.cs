namespace Daemonproxy.Protocol;

/// <summary>The announcer of state changes: tables announce to it without knowing who listens.</summary>
internal interface IAnnouncer
{
    /// <summary>Returns an empty line for a generated event writer. Only one line may be in progress.</summary>
    LineWriter Begin();

    /// <summary>
    /// Sends the line, which is about this object, to every controller that has room, and marks the others overflowed.
    /// </summary>
    void Announce(EventSubject subject, scoped in LineWriter line);

    /// <summary>Called before an object is deleted: its index may be another object's afterwards.</summary>
    void Forget(EventSubject subject);
}
