using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Daemonproxy.JobsBench;

/// <summary>
/// A daemon with a control socket of right <c>jobs</c>, and a web application that has its jobs there.
/// </summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly Folder _folder;
    private readonly Process _daemon;
    private readonly WebApplication _web;
    private readonly IJobs _jobs;
    private readonly List<string> _sleeping = [];

    private Application(Folder folder, Process daemon, WebApplication web)
    {
        _folder = folder;
        _daemon = daemon;
        _web = web;
        _jobs = web.Services.GetRequiredService<IJobs>();
    }

    public Uri Page => new(new Uri(_web.Urls.First()), "/jobs/");

    public static async Task<Application> StartAsync(string program, string directory, int atOnce)
    {
        var folder = new Folder(directory);
        string socket = Path.Combine(folder.Path, "socket");
        Process daemon = Process.Start(new ProcessStartInfo(program, ["-i", "-qq"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder.Path,
        })!;
        await daemon.StandardInput.WriteLineAsync(
            $"socket.create\tname=web,mode=0600,allow=jobs,prefix=job.,user={Environment.UserName},max={atOnce + 10}\t"
            + socket);
        await daemon.StandardInput.FlushAsync();
        _ = daemon.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDaemonproxyJobs(options =>
        {
            options.Socket = socket;
            options.Application = "bench";
            options.Directory = Path.Combine(folder.Path, "jobs");
            options.MostAtOnce = options.MostInAQueue = atOnce;
        });
        builder.Services.AddAuthorization();
        WebApplication web = builder.Build();
        web.MapDaemonproxyJobs("/jobs").AllowAnonymous();
        await web.StartAsync();
        var application = new Application(folder, daemon, web);

        // The connection is there, and the code of a start and an end was compiled once.
        await application.RunAsync(20);
        return application;
    }

    /// <summary>Starts jobs, all that a web application may start at once, until the end of each is known.</summary>
    public async Task<TimeSpan> RunAsync(int count)
    {
        long begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(RunAsync)));
        return Stopwatch.GetElapsedTime(begin);
    }

    /// <summary>The processor time of the application, and that of the daemon with its children.</summary>
    public (TimeSpan Own, TimeSpan Daemon) Processor()
    {
        // Fields 14 to 17 of proc_pid_stat(5), hundredths of a second; the third comes behind the name.
        string[] fields = File.ReadAllText($"/proc/{_daemon.Id}/stat").Split(") ")[^1].Split(' ');
        double hundredths = fields[11..15].Sum(static field => double.Parse(field, CultureInfo.InvariantCulture));
        return (Environment.CpuUsage.TotalTime, TimeSpan.FromSeconds(hundredths / 100));
    }

    /// <summary>Has jobs run that do nothing.</summary>
    public async Task OccupyAsync(int count)
    {
        JobInfo[] started = await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => _jobs.StartAsync(new JobRequest("/bin/sleep", "100000"))));
        foreach (JobInfo job in started)
        {
            while ((await _jobs.GetAsync(job.Name)).Status != JobStatus.Running)
            {
                await Task.Delay(10);
            }
        }

        _sleeping.AddRange(started.Select(static job => job.Name));
    }

    /// <summary>The durations of calls of StartAsync that follow each other.</summary>
    public async Task<Latencies> CallAsync(int count)
    {
        Latencies times = new();
        for (int number = 0; number < count; number++)
        {
            long begin = Stopwatch.GetTimestamp();
            JobInfo job = await _jobs.StartAsync(new JobRequest("/bin/true"));
            times.Add(Stopwatch.GetElapsedTime(begin));
            await _jobs.WaitAsync(job.Name);
        }

        return times;
    }

    /// <summary>Jobs that wait.</summary>
    public Task FillAsync(int count) => Task.WhenAll(
        Enumerable.Range(0, count).Select(number => _jobs.StartAsync(
            new JobRequest("/usr/bin/convert", $"/srv/pictures/{number}.png", "-resize", "200", "out.jpg"))));

    public async ValueTask DisposeAsync()
    {
        foreach (string job in _sleeping)
        {
            await _jobs.StopAsync(job, TimeSpan.Zero);
            await _jobs.WaitAsync(job);
        }

        await _web.StopAsync();
        await _web.DisposeAsync();
        await StopJobsAsync();
        _daemon.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync()
    {
        JobInfo started = await _jobs.StartAsync(new JobRequest("/bin/true"));
        JobInfo job = await _jobs.WaitAsync(started.Name);
        if (job.Status != JobStatus.Succeeded)
        {
            throw new InvalidOperationException($"a job of /bin/true {job.Status}: {job.Reason}");
        }
    }

    // The end of the session is that of the daemon and of what it runs.
    private async Task StopJobsAsync()
    {
        await _daemon.StandardInput.WriteLineAsync("terminate\t0");
        _daemon.StandardInput.Close();
        await _daemon.WaitForExitAsync();
    }
}
