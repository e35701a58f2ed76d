using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Connecting;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Planning;
using Daemonproxy.Manager.Running;

namespace Daemonproxy.Control.Verbs;

/// <summary><c>manage</c>: the ready-made controller, until it is stopped or the daemon has ended.</summary>
internal static class ManageVerb
{
    // Locked, since the lines come from several threads.
    private static readonly Lock _lock = new();

    /// <summary>Runs the services of a file.</summary>
    public static int Run(VerbCall call)
    {
        string file = Path.GetFullPath(call.Words[0]);
        if (!File.Exists(file) && !Directory.Exists(file))
        {
            throw new Problem(ExitCode.Usage, $"{VisibleText.Of(call.Words[0])}: No such file or directory");
        }

        if (call.Has("--stdio"))
        {
            return RunAsync(call, file, DaemonConnection.Inherit()).GetAwaiter().GetResult();
        }

        // A missing daemon is an error at the start; later the verb waits for it.
        (string path, DaemonConnection connection) = SocketFinder.Connect(call);
        connection.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return RunAsync(call, file, DaemonClient.Start(path)).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync<T>(VerbCall call, string file, T daemon)
        where T : IDaemon, IAsyncDisposable
    {
        using var stopping = new CancellationTokenSource();
        ManagerHost? host = null;
        using PosixSignalRegistration reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            host?.Reload();
        });
        using PosixSignalRegistration end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using (daemon.ConfigureAwait(false))
        {
            bool isVerbose = call.Has("--verbose");
            var options = new ManagerOptions(file)
            {
                Stopping = stopping.Token,
                Log = line => Log(call.Error, line, isVerbose),
            };
            ManagerEnd ended = await ManagerHost.RunAsync(daemon, options, running => host = running)
                .ConfigureAwait(false);
            return ended is ManagerEnd.Stopped or ManagerEnd.DaemonEnded ? ExitCode.Done : ExitCode.Failed;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }
    }

    // The time of day only at a terminal: a logger adds its own.
    private static void Log(Output output, LogLine line, bool isVerbose)
    {
        if (line.Level < LogLevel.Info && !isVerbose)
        {
            return;
        }

        string time = output.IsTerminal
            ? DateTime.Now.ToString("HH:mm:ss ", CultureInfo.InvariantCulture)
            : "";
        string level = line.Level switch
        {
            LogLevel.Error => "error",
            LogLevel.Warning => "warning",
            LogLevel.Info => "info",
            _ => "debug",
        };
        lock (_lock)
        {
            output.WriteLine($"{time}{level}: {VisibleText.Of(line.Text)}");
            output.Flush();
        }
    }
}
