using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>Handles the end of the interactive session, outside of the connection.</summary>
internal interface ISessionEnd
{
    /// <summary>
    /// The session has ended. Called while its record is still there: afterwards nothing tells a resume of it.
    /// </summary>
    void Note();
}

/// <summary>The first line of an interactive session at a terminal.</summary>
internal static class Greeting
{
    public static void Say(ConnectionTable connections, Connection connection)
    {
        EventLine line = connections.Begin();
        Infos.Version(ref line, BuildInfo.Version);
        connection.Send(line.Written);
        line = connections.Begin();
        Infos.FirstSteps(ref line);
        connection.Send(line.Written);
    }
}
