using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>The first lines of an interactive session at a terminal.</summary>
internal static class TerminalGreeting
{
    public static void Say(ConnectionTable connections, Connection connection)
    {
        LineWriter line = connections.Begin();
        Infos.Version(ref line, BuildInfo.Version);
        connection.Send(line.Written);
        line = connections.Begin();
        Infos.FirstSteps(ref line);
        connection.Send(line.Written);
    }
}
