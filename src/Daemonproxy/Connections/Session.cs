using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>What the end of the interactive session means, which is not for a connection to know.</summary>
internal interface ISessionEnd
{
    /// <summary>
    /// The session has ended. Called while its record is still there: afterwards nothing tells a resume of it.
    /// </summary>
    void Note();
}

/// <summary>What a person who starts an interactive session is told first.</summary>
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
