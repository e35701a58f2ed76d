using System;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Connecting;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Top;

namespace Daemonproxy.Control.Verbs;

/// <summary><c>top</c>: services, their usage and their changes, until a key ends it.</summary>
internal static class TopVerb
{
    private static readonly TimeSpan _usualPeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _leastPeriod = TimeSpan.FromMilliseconds(100);

    public static int Run(VerbCall call)
    {
        TimeSpan period = call.Duration("--delay") ?? _usualPeriod;
        if (period < _leastPeriod)
        {
            throw Problem.Usage("--delay is 100ms at least");
        }

        if (!Terminal.Is(0) || !Terminal.Is(1))
        {
            throw Problem.Usage("top needs a terminal: dpctl status --json");
        }

        // A missing daemon is an error at the start; later the verb waits for it.
        (string path, DaemonConnection connection) = SocketFinder.Connect(call);
        connection.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return RunAsync(call, path, period).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(VerbCall call, string path, TimeSpan period)
    {
        await using DaemonClient client = DaemonClient.Start(path);
        using var loop = new TopLoop(call, path, period);
        return await loop.RunAsync(client).ConfigureAwait(false);
    }
}
