using Daemonproxy.Protocol;

namespace Daemonproxy.Controllers;

/// <summary>What a person who starts an interactive session is told first.</summary>
internal static class Greeting
{
    public static void Say(ControllerTable controllers, Controller controller)
    {
        EventLine line = controllers.Begin();
        line.Text("info\tdaemonproxy version "u8);
        line.Text(BuildInfo.Version);
        line.Text(", a service supervisor that tells and obeys in lines of TAB-separated fields\n"u8);
        controller.Tell(line.Written);
        line = controllers.Begin();
        Events.Info(ref line, "send `statedump` to see everything, `exit` to end"u8);
        controller.Tell(line.Written);
    }
}
