using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;

namespace Daemonproxy.ClientBench;

/// <summary>The workloads. They call only members that both clients have.</summary>
internal static class Workloads
{
    public static IReadOnlyList<string> Names { get; } =
        ["awaited", "row", "stopped", "dump", "events", "model", "silent"];

    public static Task<string> RunAsync(string workload, string daemon) => workload switch
    {
        "awaited" => WithDaemonAsync(daemon, AwaitedAsync),
        "row" => WithDaemonAsync(daemon, RowAsync),
        "stopped" => WithDaemonAsync(daemon, StoppedAsync),
        "dump" => WithDaemonAsync(daemon, DumpAsync),
        "events" => EventRace.RunAsync(withModel: false),
        "model" => EventRace.RunAsync(withModel: true),
        "silent" => WithDaemonAsync(daemon, SilentAsync),
        _ => throw new ArgumentException($"no workload {workload}", nameof(workload)),
    };

    public static string Line(string figure, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{figure}\t{value}\n");

    private static double Held() => GC.GetTotalMemory(forceFullCollection: true) / 1e6;

    private static async Task<string> AwaitedAsync(string socket, Process daemon)
    {
        const int count = 20_000;
        await using DaemonConnection connection = await DaemonConnection.ConnectAsync(socket);
        for (int number = 0; number < count / 10; number++)
        {
            await connection.EchoAsync("x");
        }

        long begun = Stopwatch.GetTimestamp();
        for (int number = 0; number < count; number++)
        {
            await connection.EchoAsync("x");
        }

        return Line("µs per command", Stopwatch.GetElapsedTime(begun).TotalMicroseconds / count);
    }

    private static async Task<string> RowAsync(string socket, Process daemon)
    {
        const int count = 300_000;
        await using DaemonConnection connection = await DaemonConnection.ConnectAsync(socket);
        double most = 0;
        double before = Held();
        await RowAsync(connection, count / 10, () => { });
        long begun = Stopwatch.GetTimestamp();
        await RowAsync(connection, count, () => { });
        double microseconds = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
        await RowAsync(connection, count, () => most = Math.Max(most, Held() - before));
        return Line("µs per command", microseconds / count) + Line("MB held", most);
    }

    private static async Task RowAsync(DaemonConnection connection, int count, Action look)
    {
        for (int number = 1; number <= count; number++)
        {
            _ = connection.ServiceTagsAsync("it", "x");
            if (number % 50_000 == 0)
            {
                look();
            }
        }

        await connection.SynchronizeAsync();
    }

    private static async Task<string> StoppedAsync(string socket, Process daemon)
    {
        const int count = 300_000;
        await using DaemonConnection connection = await DaemonConnection.ConnectAsync(socket);
        double before = Held();
        await KillAsync(daemon, "STOP");
        int called = 0;
        Task producer = Task.Run(() =>
        {
            for (; called < count; called++)
            {
                _ = connection.ServiceTagsAsync("it", "x");
            }
        });

        // Until it is through, or waits.
        for (int last = -1; last != called && !producer.IsCompleted;)
        {
            last = called;
            await Task.Delay(500);
        }

        double held = Held() - before;
        double through = called;
        await KillAsync(daemon, "CONT");
        await producer;
        await connection.SynchronizeAsync();
        return Line("MB held", held) + Line("commands called", through);
    }

    private static async Task<string> DumpAsync(string socket, Process daemon)
    {
        const int services = 10_000;
        const int repeats = 10;
        await using DaemonConnection maker = await DaemonConnection.ConnectAsync(socket);
        for (int number = 0; number < services; number++)
        {
            _ = maker.ServiceArgsAsync($"service-{number}", "/bin/sleep", $"{number}");
            _ = maker.ServiceTagsAsync($"service-{number}", "group=web", $"number={number}");
        }

        await maker.SynchronizeAsync();
        double best = double.MaxValue;
        double bytes = 0;
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            await using DaemonConnection connection = await DaemonConnection.ConnectAsync(socket);
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            long begun = Stopwatch.GetTimestamp();
            DaemonState state = await connection.FollowStateAsync();
            best = Math.Min(best, Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            bytes = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            if (state.Current.Services.Count != services)
            {
                throw new InvalidOperationException($"{state.Current.Services.Count} services");
            }
        }

        return Line("ms, best of 10", best) + Line("bytes per service", bytes / services);
    }

    // Events come, and nobody reads them.
    private static async Task<string> SilentAsync(string socket, Process daemon)
    {
        await using DaemonConnection connection = await DaemonConnection.ConnectAsync(socket);
        await using DaemonConnection other = await DaemonConnection.ConnectAsync(socket);
        double before = Held();
        for (int number = 0; number < 60_000; number++)
        {
            Task<CommandResult> done = other.ServiceTagsAsync("it", $"number={number}");
            if (number % 1000 == 0)
            {
                await done;
                await connection.SynchronizeAsync();
            }
        }

        await other.SynchronizeAsync();
        await connection.SynchronizeAsync();
        return Line("MB held", Held() - before);
    }

    private static async Task<string> WithDaemonAsync(string path, Func<string, Process, Task<string>> work)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("daemonproxy-bench-");
        string socket = Path.Combine(folder.FullName, "socket");
        using Process daemon = Process.Start(new ProcessStartInfo(path, ["-i", "-qq", "-S", socket])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            await daemon.StandardOutput.ReadLineAsync();
            _ = daemon.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return await work(socket, daemon);
        }
        finally
        {
            daemon.Kill();
            await daemon.WaitForExitAsync(CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }

    private static async Task KillAsync(Process daemon, string signal)
    {
        using Process kill = Process.Start("/bin/kill", [$"-{signal}", $"{daemon.Id}"]);
        await kill.WaitForExitAsync();
    }
}
