using System;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client.Tests;

/// <summary>The program that tests run as a service: a controller on the descriptors that it inherits.</summary>
internal static class Program
{
    /// <summary>Run with the numbers of its two descriptors, and the path of a file to hand over, if any.</summary>
    public static async Task<int> Main(string[] arguments)
    {
        int events = int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture);
        int commands = int.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture);
        await using DaemonConnection daemon = DaemonConnection.Inherit(events, commands);
        DaemonState state = await daemon.FollowStateAsync();
        if (arguments.Length > 2)
        {
            using SafeFileHandle file = File.OpenHandle(arguments[2]);
            await daemon.FdTakeAsync(file, "taken");
        }

        // The service itself is up: it is told so before anything else.
        await state.WaitAsync(now => now.Services["it"].Pid == Environment.ProcessId);
        await daemon.ServiceTagsAsync("it", "pid", $"{state.Current.Services["it"].Pid}");

        // Until the test has seen that.
        await state.WaitAsync(now => now.Services["it"].Tags is ["done"]);
        return 5;
    }
}
