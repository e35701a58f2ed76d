using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>The first lines of an interactive session at a terminal.</summary>
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
