using System.Reflection;

namespace Daemonproxy.Agent.Running;

/// <summary>The version of this program.</summary>
internal static class AgentVersion
{
    /// <summary>With the commit, where it is known.</summary>
    public static string Text { get; } =
        typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "?";

    /// <summary>Without the commit.</summary>
    public static string Release => Text.Split('+')[0];
}
