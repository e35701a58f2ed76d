using System.Reflection;

namespace Daemonproxy.Agent.Running;

/// <summary>The version of this program.</summary>
internal static class AgentVersion
{
    public static string Text { get; } =
        typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "?";
}
