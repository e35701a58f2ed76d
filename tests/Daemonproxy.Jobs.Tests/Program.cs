using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Jobs.Running;

namespace Daemonproxy.Jobs.Tests;

/// <summary>
/// The program that tests run as an application: it starts jobs, and is killed by SIGKILL at a point of the engine.
/// </summary>
internal static class Program
{
    /// <summary>
    /// Run with a socket, a directory, a point and the number of times it is passed before, and a line of sh.
    /// </summary>
    public static async Task Main(string[] arguments)
    {
        (string socket, string directory, string point, string line) =
            (arguments[0], arguments[1], arguments[2], arguments[4]);
        int left = int.Parse(arguments[3], System.Globalization.CultureInfo.InvariantCulture);
        JobsEngine.Reached = reached =>
        {
            if (reached == point && Interlocked.Decrement(ref left) < 0)
            {
                Process.GetCurrentProcess().Kill();
                Thread.Sleep(Timeout.Infinite);
            }
        };
        IDisposableJobs jobs = await DaemonproxyJobs.StartAsync(new JobsOptions
        {
            Socket = socket,
            Directory = directory,
            Prefix = "t.",
            Application = "tests",
        });
        await jobs.StartAsync(new JobRequest("/bin/sh", "-c", line) { Name = "it" });
        Console.WriteLine("accepted");
        await jobs.WaitAsync("it");
        Console.WriteLine("over");
        await Task.Delay(Timeout.Infinite);
    }
}
