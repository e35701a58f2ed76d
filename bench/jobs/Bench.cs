using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.JobsBench;

/// <summary>The workloads, and what is printed of them.</summary>
internal sealed class Bench(string daemon, string directory, int jobs, int atOnce, int rounds)
{
    private const int Syncs = 300;
    private const int Running = 100;
    private const int Calls = 500;

    public Task RunAsync(string workload) => workload switch
    {
        "disk" => MeasureDiskAsync(),
        "burst" => MeasureBurstAsync(),
        "start" => MeasureStartAsync(),
        "alone" => MeasureAloneAsync(),
        "page" => MeasurePageAsync(),
        _ => throw new ArgumentException($"{workload} is no workload: disk, burst, alone, start, page"),
    };

    // What one sync costs, by itself: no job can be accepted in less.
    private Task MeasureDiskAsync()
    {
        Console.WriteLine($"disk: fsync(2) behind a write of 16 kB, {Syncs} times, in {directory}");
        using var folder = new Folder(directory);
        using SafeFileHandle file = File.OpenHandle(
            Path.Combine(folder.Path, "file"), FileMode.Create, FileAccess.Write);
        byte[] bytes = new byte[16384];
        foreach (string kind in (string[])["a file that grows", "the same again, in place"])
        {
            Latencies times = new();
            for (int number = 0; number < Syncs; number++)
            {
                RandomAccess.Write(file, bytes, number * (long)bytes.Length);
                long begin = Stopwatch.GetTimestamp();
                RandomAccess.FlushToDisk(file);
                times.Add(Stopwatch.GetElapsedTime(begin));
            }

            Console.WriteLine($"  {kind,-26} {times}");
        }

        return Task.CompletedTask;
    }

    private async Task MeasureBurstAsync()
    {
        Console.WriteLine(
            $"burst: {jobs} jobs of /bin/true, {atOnce} at once, {rounds} rounds by turns; jobs per second, and how"
            + " many times as many the first one runs");
        Dictionary<string, List<double>> rates = [];
        await using (var application = await Application.StartAsync(daemon, directory, atOnce))
        {
            for (int round = 0; round < rounds; round++)
            {
                await AddAsync("Daemonproxy.Jobs", async () => await application.RunAsync(jobs));
                await AddAsync("supervisord", () => Peer.RunAsync(directory, "supervisord.py", $"{jobs}", "2"));
                await AddAsync(
                    "Python worker, no record",
                    () => Peer.RunAsync(directory, "worker.py", $"{jobs}", $"{atOnce}"));
                await AddAsync(
                    "Python worker, recorded",
                    () => Peer.RunAsync(directory, "worker.py", $"{jobs}", $"{atOnce}", "--record"));
            }
        }

        double ours = Median(rates["Daemonproxy.Jobs"]);
        foreach ((string name, List<double> measured) in rates)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {name,-26} {Median(measured),6:0} ({measured.Min():0}–{measured.Max():0})"
                        + $"   {ours / Median(measured):0.00}"));
        }

        async Task AddAsync(string name, Func<Task<TimeSpan?>> run)
        {
            if (await run() is { } took)
            {
                (rates.TryGetValue(name, out List<double>? known) ? known : rates[name] = [])
                    .Add(jobs / took.TotalSeconds);
            }
        }
    }

    // Nothing but our own, to look at it with perf(1) and strace(1).
    private async Task MeasureAloneAsync()
    {
        Console.WriteLine($"alone: {jobs} jobs of /bin/true, {atOnce} at once; jobs per second");
        await using var application = await Application.StartAsync(daemon, directory, atOnce);
        for (int round = 0; round < rounds; round++)
        {
            (TimeSpan Own, TimeSpan Daemon) before = application.Processor();
            long begun = ThreadPool.CompletedWorkItemCount;
            TimeSpan took = await application.RunAsync(jobs);
            (TimeSpan Own, TimeSpan Daemon) after = application.Processor();
            double own = (after.Own - before.Own).TotalMilliseconds / jobs;
            double other = (after.Daemon - before.Daemon).TotalMilliseconds / jobs;
            double items = (ThreadPool.CompletedWorkItemCount - begun) / (double)jobs;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {"Daemonproxy.Jobs",-26} {jobs / took.TotalSeconds:0}; processor time of a job: {own:0.00} ms of"
                + $" the application with {items:0.0} entries of its thread pool, {other:0.00} ms of the daemon and"
                + $" the job"));
        }
    }

    private async Task MeasureStartAsync()
    {
        Console.WriteLine($"start: {Calls} calls of StartAsync one after the other while {Running} jobs run");
        for (int round = 0; round < rounds; round++)
        {
            await using var application = await Application.StartAsync(daemon, directory, Running + atOnce);
            await application.OccupyAsync(Running);
            Console.WriteLine($"  {"a call",-26} {await application.CallAsync(Calls)}");
        }

        await MeasureDiskAsync();
    }

    private async Task MeasurePageAsync()
    {
        const int listed = 5000;
        Console.WriteLine($"page: first paint with {listed} jobs, milliseconds after the request");
        await using var application = await Application.StartAsync(daemon, directory, 1);
        await application.OccupyAsync(1);
        await application.FillAsync(listed - 1);
        await PageTimes.PrintAsync(application.Page, rounds);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
