using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Fleet;
using Daemonproxy.Jobs;

namespace Daemonproxy.FleetBench;

/// <summary>
/// The side of the fleet: <c>SOCKET park|burst|latency JOBS PROGRAM</c>. It prints one number, or two.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] line)
    {
        await using var jobs = new FleetClient(
            new FleetOptions { Redis = line[0], PollInterval = TimeSpan.FromSeconds(1) });
        int count = int.Parse(line[2], CultureInfo.InvariantCulture);
        if (line[1] == "park")
        {
            foreach (int[] part in Enumerable.Range(0, count).Chunk(64))
            {
                await Task.WhenAll(part.Select(_ => jobs.StartAsync(new JobRequest(line[3]) { Queue = "parked" })));
            }

            return 0;
        }

        await (await StartAsync(jobs, line[3])).Done; // connections, scripts
        if (line[1] == "burst")
        {
            await BurstAsync(jobs, count);
        }
        else
        {
            await LatencyAsync(jobs, count, line[3]);
        }

        return 0;
    }

    private static async Task<(string Name, Task<JobInfo> Done)> StartAsync(FleetClient jobs, string program)
    {
        JobInfo job = await jobs.StartAsync(new JobRequest(program));
        return (job.Name, jobs.WaitAsync(job.Name));
    }

    // Jobs in a second, from the first call until all are over, 64 calls at once.
    private static async Task BurstAsync(FleetClient jobs, int count)
    {
        int before = (await jobs.CountAsync()).GetValueOrDefault(JobStatus.Succeeded);
        long begun = Stopwatch.GetTimestamp();
        foreach (int[] part in Enumerable.Range(0, count).Chunk(64))
        {
            await Task.WhenAll(part.Select(_ => jobs.StartAsync(new JobRequest("/bin/true"))));
        }

        while ((await jobs.CountAsync()).GetValueOrDefault(JobStatus.Succeeded) < before + count)
        {
            await Task.Delay(20);
        }

        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count / seconds:0}"));
    }

    // Microseconds from the call to the first instruction, one job after the other: median and p99. As many jobs
    // run before it, so that the programs are warm.
    private static async Task LatencyAsync(FleetClient jobs, int count, string stamp)
    {
        List<double> times = [];
        for (int i = 0; i < 2 * count; i++)
        {
            long begun = Stopwatch.GetTimestamp();
            (string name, Task<JobInfo> done) = await StartAsync(jobs, stamp);
            await done;
            await using Stream output = await jobs.OpenOutputAsync(name);
            byte[] bytes = new byte[8];
            await output.ReadExactlyAsync(bytes);
            times.Add((BitConverter.ToInt64(bytes) - begun) / 1000.0);
        }

        times.RemoveRange(0, count);
        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{times[count / 2]:0} {times[Math.Min(count - 1, count * 99 / 100)]:0}"));
    }
}
