using System;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Manager.Planning;
using Daemonproxy.Manager.Running;
using Daemonproxy.Manager.Tests.Simulation;

namespace Daemonproxy.Manager.Tests;

/// <summary>
/// The program that tests run as a manager that can be killed, with the path of the socket and of the file; and what
/// bench/manager.py runs, with <c>plan</c> and a number of services.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["plan", string count])
        {
            Measure(int.Parse(count, CultureInfo.InvariantCulture));
            return 0;
        }

        await using DaemonClient client = DaemonClient.Start(arguments[0]);
        ManagerEnd end = await ManagerHost.RunAsync(client, new ManagerOptions(arguments[1])
        {
            Log = static line => Console.Error.WriteLine($"{line.Level}: {line.Text}"),
        });
        return (int)end;
    }

    // The time of one plan when all services run, and one of them has just ended.
    private static void Measure(int count)
    {
        var file = new StringBuilder();
        for (int number = 0; number < count; number++)
        {
            file.Append(CultureInfo.InvariantCulture, $"[service.s{number}]\ncommand = [\"sleep\", \"1000\"]\n");
            file.Append(number % 10 == 0 ? "" : $"needs = [\"s{number - 1}\"]\n");
        }

        var manager = new SimManager(file.ToString());
        manager.Run(30);
        const int rounds = 200;
        var time = new Stopwatch();
        for (int round = -20; round < rounds; round++)
        {
            if (round == 0)
            {
                time.Reset();
            }

            manager.Daemon.End("s5", 1);
            StateSnapshot state = manager.Daemon.State;
            time.Start();
            Plan plan = Planner.Make(manager.Graph, state, manager.Now);
            time.Stop();
            GC.KeepAlive(plan);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"a plan for {count} services: {time.Elapsed.TotalMilliseconds / rounds:F2} ms"));
    }
}
