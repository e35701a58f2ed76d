using System.CommandLine;
using Daemonproxy.Agent.Commands;

namespace Daemonproxy.Agent;

/// <summary>dpctl-agent: runs the jobs of a fleet on a machine, and shows a fleet.</summary>
internal static class Program
{
    private static int Main(string[] line)
    {
        var root = new RootCommand(
            "Runs jobs of a fleet on this machine, as services of its daemon, and shows the fleet.");
        root.Subcommands.Add(RunCommand.Create());
        root.Subcommands.Add(StatusCommand.Create());
        root.Subcommands.Add(ManualPage.Create(root));
        return root.Parse(line).Invoke();
    }
}
