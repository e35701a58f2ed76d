namespace Daemonproxy.Client;

/// <summary>
/// Something that the daemon announced. There is a record for each event of the protocol, and for each case of one that
/// has cases. Words of sets that this client does not know are left out, and so are fields at the end of a line.
/// </summary>
public abstract record DaemonEvent
{
    // Nobody else's: the events are those of the protocol.
    private protected DaemonEvent()
    {
    }
}
