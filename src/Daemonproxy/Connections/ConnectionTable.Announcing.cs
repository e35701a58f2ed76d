using Daemonproxy.Access;
using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>Sends each event to all connections that may see it.</summary>
internal sealed partial class ConnectionTable : IAnnouncer
{
    public LineWriter Begin() => new(_scratch.Span);

    /// <summary>
    /// Sends an event to every connection that may see it; a connection without room for it is marked overflowed.
    /// </summary>
    public void Announce(EventSubject subject, scoped in LineWriter line)
    {
        foreach (Connection connection in Used)
        {
            if (!connection.IsInUse)
            {
                continue;
            }

            if (connection.Record.Access.IsAll)
            {
                connection.SendEvent(line.Written);
            }
            else if (EventFilter.IsFor(_access, connection.Record.Access, line.Written))
            {
                connection.SendEvent(Shown(connection, line).Written);
            }
        }
    }

    public void Forget(EventSubject subject)
    {
        foreach (Connection connection in Used)
        {
            connection.ForgetInDump(subject);
        }
    }

    /// <summary>An event as a connection may see it, if it is for it.</summary>
    public LineWriter Shown(Connection connection, LineWriter line)
    {
        AccessPolicyIndex access = connection.Record.Access;
        if (access.IsAll)
        {
            return line;
        }

        LineWriter shown = new(_peerScratch.Span);
        EventFilter.Write(ref shown, _access, access, line.Written);
        return shown;
    }
}
