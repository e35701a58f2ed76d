namespace Daemonproxy.Client;

/// <summary>
/// An event of the daemon. There is a record for each event of the protocol, and for each case of an event with cases:
/// <c>ServiceStateUpEvent</c> is a <c>ServiceStateEvent</c>. Unknown words of sets and unknown fields at the end of a
/// line are left out.
/// </summary>
public abstract record DaemonEvent
{
    // Internal: only the events of the protocol derive from it.
    private protected DaemonEvent()
    {
    }
}
