using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;

namespace Daemonproxy.Jobs.Tests.Harness;

/// <summary>A daemon and the directory of an application.</summary>
internal sealed class JobsStage : IAsyncDisposable
{
    private readonly List<IDisposableJobs> _opened = [];

    private JobsStage(TestDaemon daemon) => Daemon = daemon;

    public TestDaemon Daemon { get; }

    public string Directory => Path.Combine(Daemon.Folder, "application");

    public static async Task<JobsStage> StartAsync() => new(await TestDaemon.StartAsync());

    public JobsOptions Options(Action<JobsOptions>? change = null)
    {
        var options = new JobsOptions
        {
            Socket = Daemon.Socket,
            Prefix = "t.",
            Application = "tests",
            Directory = Directory,
            StopGrace = TimeSpan.FromSeconds(1),
        };
        change?.Invoke(options);
        return options;
    }

    public async Task<IDisposableJobs> OpenAsync(Action<JobsOptions>? change = null)
    {
        IDisposableJobs jobs = await DaemonproxyJobs.StartAsync(Options(change));
        _opened.Add(jobs);
        return jobs;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposableJobs jobs in _opened)
        {
            await jobs.DisposeAsync();
        }

        await Daemon.DisposeAsync();
    }
}

/// <summary>The requests of tests for jobs.</summary>
internal static class JobsExtensions
{
    /// <summary>Runs a line of sh.</summary>
    public static JobRequest Sh(string line) => new("/bin/sh", "-c", line);

    /// <summary>The job, once it is as wanted.</summary>
    public static async Task<JobInfo> UntilAsync(this IJobs jobs, string name, Func<JobInfo, bool> isWanted)
    {
        CancellationToken patience = Patience.Token;
        IAsyncEnumerable<JobChange> changes = jobs.WatchAsync(patience);
        JobInfo now = await jobs.GetAsync(name, patience);
        if (isWanted(now))
        {
            return now;
        }

        await foreach (JobChange change in changes)
        {
            if (change.Name == name && change.Job is { } job)
            {
                now = job;
                if (isWanted(job))
                {
                    return job;
                }
            }
        }

        throw new InvalidOperationException($"it ended as {now}");
    }

    public static Task<JobInfo> UntilRunsAsync(this IJobs jobs, string name) =>
        jobs.UntilAsync(name, static job => job.Status == JobStatus.Running);

    public static Task<JobInfo> EndAsync(this IJobs jobs, string name) => jobs.WaitAsync(name, Patience.Token);

    /// <summary>Starts a job and waits for its end.</summary>
    public static async Task<JobInfo> RunAsync(this IJobs jobs, JobRequest request)
    {
        JobInfo job = await jobs.StartAsync(request, Patience.Token);
        return await jobs.EndAsync(job.Name);
    }

    /// <summary>The output of a job so far, or, with follow, until its end.</summary>
    public static async Task<byte[]> BytesAsync(this IJobs jobs, string name, bool follow = false)
    {
        await using Stream output = await jobs.OpenOutputAsync(name, follow: follow);
        var copy = new MemoryStream();
        await output.CopyToAsync(copy, Patience.Token);
        return copy.ToArray();
    }

    public static async Task<string> TextAsync(this IJobs jobs, string name, bool follow = false) =>
        Encoding.UTF8.GetString(await jobs.BytesAsync(name, follow));
}
