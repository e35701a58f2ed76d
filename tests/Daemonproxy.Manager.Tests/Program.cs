using System;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Manager.Running;

namespace Daemonproxy.Manager.Tests;

/// <summary>What the tests run as a manager that can be killed: with the path of the socket and of the file.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        await using DaemonClient client = DaemonClient.Start(arguments[0]);
        ManagerEnd end = await ManagerHost.RunAsync(client, new ManagerOptions(arguments[1])
        {
            Log = static line => Console.Error.WriteLine($"{line.Level}: {line.Text}"),
        });
        return (int)end;
    }
}
