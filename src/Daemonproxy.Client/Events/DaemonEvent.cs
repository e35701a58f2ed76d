namespace Daemonproxy.Client;

/// <summary>
/// Something that the daemon told. There is a record for each event of the protocol, and for each case of one that has
/// cases: <c>ServiceStateUpEvent</c> is a <c>ServiceStateEvent</c>. Words of sets that this client does
/// not know are left out, and so are fields at the end of a line that it does not know.
/// </summary>
public abstract record DaemonEvent
{
    // Nobody else's: what is told is what the protocol has.
    private protected DaemonEvent()
    {
    }
}
