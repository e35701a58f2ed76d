using Daemonproxy.Protocol;

namespace Daemonproxy.Controllers;

/// <summary>What a person who starts an interactive session is told first.</summary>
internal static class Greeting
{
    public static void Say(ControllerTable controllers, Controller controller)
    {
        EventLine line = controllers.Begin();
        Infos.Version(ref line, BuildInfo.Version);
        controller.Tell(line.Written);
        line = controllers.Begin();
        Infos.FirstSteps(ref line);
        controller.Tell(line.Written);
    }
}
