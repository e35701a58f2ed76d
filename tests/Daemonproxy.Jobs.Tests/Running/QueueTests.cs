using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Jobs.Tests.Harness;
using Xunit;
using static Daemonproxy.Jobs.Tests.Harness.JobsExtensions;

namespace Daemonproxy.Jobs.Tests.Running;

/// <summary>Queues, retries, retention and many callers.</summary>
public sealed class QueueTests
{
    [Fact]
    public async Task AQueueRunsAsManyAtOnceAsItMay()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync(static options => options.Queues["two"] = 2);
        string count = Path.Combine(stage.Daemon.Folder, "count");
        Directory.CreateDirectory(count);
        string line = $"touch {count}/$$; ls {count} | wc -l; sleep 0.05; rm {count}/$$";
        JobInfo[] started = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => jobs.StartAsync(new JobRequest("/bin/sh", "-c", line) { Queue = "two" })));
        List<int> seen = [];
        foreach (JobInfo job in started)
        {
            Assert.Equal(JobStatus.Succeeded, (await jobs.EndAsync(job.Name)).Status);
            seen.Add(int.Parse(await jobs.TextAsync(job.Name), System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(2, seen.Max());
    }

    [Fact]
    public async Task AQueueKeepsTheOrder()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync(static options => options.MostInAQueue = 1);
        string list = Path.Combine(stage.Daemon.Folder, "list");
        for (int number = 0; number < 10; number++)
        {
            await jobs.StartAsync(new JobRequest("/bin/sh", "-c", $"echo {number} >>{list}") { Name = $"n{number}" });
        }

        await jobs.EndAsync("n9");
        Assert.Equal("0123456789", string.Concat(File.ReadAllLines(list)));
    }

    [Fact]
    public async Task QueuedJobsSurviveTheApplication()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IDisposableJobs first = await stage.OpenAsync(static options => options.MostAtOnce = 1);
        await first.StartAsync(Sh("sleep 0.3"));
        JobInfo waiting = await first.StartAsync(new JobRequest("cat")
        {
            Input = new MemoryStream("kept"u8.ToArray()),
            Name = "waiting",
        });
        Assert.Equal(JobStatus.Queued, waiting.Status);
        await first.DisposeAsync();

        IJobs second = await stage.OpenAsync();
        Assert.Equal(JobStatus.Succeeded, (await second.EndAsync("waiting")).Status);
        Assert.Equal("kept", await second.TextAsync("waiting"));
    }

    [Fact]
    public async Task AQueuedJobThatIsStoppedNeverRuns()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync(static options => options.MostInAQueue = 1);
        JobInfo running = await jobs.StartAsync(Sh("sleep 1000"));
        JobInfo waiting = await jobs.StartAsync(Sh("echo ran"));
        await jobs.UntilRunsAsync(running.Name);
        await jobs.StopAsync(waiting.Name);
        JobInfo ended = await jobs.EndAsync(waiting.Name);
        Assert.Equal((JobStatus.Stopped, 0, null), (ended.Status, ended.Attempt, ended.Started));
        Assert.Equal("", await jobs.TextAsync(waiting.Name));
    }

    [Fact]
    public async Task AFailedJobIsTriedAgainUntilItSucceeds()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        string mark = Path.Combine(stage.Daemon.Folder, "mark");
        JobInfo ended = await jobs.RunAsync(
            new JobRequest("/bin/sh", "-c", $"echo try; echo x >>{mark}; test $(wc -l <{mark}) = 3")
            {
                Retries = new JobRetries(5) { FirstDelay = TimeSpan.FromMilliseconds(20) },
            });
        Assert.Equal((JobStatus.Succeeded, 3, 6), (ended.Status, ended.Attempt, ended.MostAttempts));
        Assert.Equal("try\ntry\ntry\n", await jobs.TextAsync(ended.Name));
    }

    [Fact]
    public async Task RetriesEndAndAreSeen()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.StartAsync(new JobRequest("/bin/sh", "-c", "exit 3")
        {
            Retries = new JobRetries(1) { FirstDelay = TimeSpan.FromMilliseconds(500) },
        });
        JobInfo waiting = await jobs.UntilAsync(
            job.Name, static job => job is { Status: JobStatus.Queued, Attempt: 1, NextTry: not null });
        Assert.Equal(3, waiting.ExitCode);
        JobInfo ended = await jobs.EndAsync(job.Name);
        Assert.Equal((JobStatus.Failed, 2, 3), (ended.Status, ended.Attempt, ended.ExitCode));
        Assert.True(ended.Started >= waiting.NextTry - TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task AStopEndsTheRetries()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.StartAsync(new JobRequest("/bin/sh", "-c", "exit 3")
        {
            Retries = new JobRetries(5) { FirstDelay = TimeSpan.FromHours(1) },
        });
        await jobs.UntilAsync(job.Name, static job => job.NextTry is not null);
        await jobs.StopAsync(job.Name);
        Assert.Equal(JobStatus.Stopped, (await jobs.EndAsync(job.Name)).Status);
    }

    [Fact]
    public async Task AFinishedJobIsKeptForItsTime()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.StartAsync(
            new JobRequest("echo", "hello") { KeepFor = TimeSpan.FromMilliseconds(300) });
        JobInfo kept = await jobs.RunAsync(new JobRequest("echo", "hello"));
        IAsyncEnumerable<JobChange> changes = jobs.WatchAsync(Patience.Token);
        if (await jobs.FindAsync(job.Name) is not null)
        {
            await foreach (JobChange change in changes)
            {
                if (change.Name == job.Name && change.Job is null)
                {
                    break;
                }
            }
        }

        Assert.Null(await jobs.FindAsync(job.Name));
        Assert.False(File.Exists(job.OutputPath));
        Assert.True(File.Exists(kept.OutputPath));
        Assert.NotNull(await jobs.FindAsync(kept.Name));
    }

    [Fact]
    public async Task MoreThanMayWaitAreRefused()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync(static options =>
        {
            options.MostAtOnce = 1;
            options.MostQueued = 1;
        });
        await jobs.UntilRunsAsync((await jobs.StartAsync(Sh("sleep 1000"))).Name);
        await jobs.StartAsync(Sh("true"));
        JobsException problem = await Assert.ThrowsAsync<JobsException>(() => jobs.StartAsync(Sh("true")));
        Assert.Equal(JobsFault.QueueFull, problem.Fault);
    }

    [Fact]
    public async Task AHundredCallersShareOneConnection()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync(static options => options.MostInAQueue = 16);
        JobInfo[] ended = await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            JobInfo job = await jobs.StartAsync(new JobRequest("echo", $"{number}\n"));
            await using Stream output = await jobs.OpenOutputAsync(job.Name, follow: true);
            using var reader = new StreamReader(output);
            Assert.Equal($"{number}\n\n", await reader.ReadToEndAsync(Patience.Token));
            return await jobs.EndAsync(job.Name);
        }));
        Assert.All(ended, static job => Assert.Equal(JobStatus.Succeeded, job.Status));
        Assert.Equal(100, (await jobs.CountAsync())[JobStatus.Succeeded]);
    }

    [Fact]
    public async Task AListIsFilteredAndPaged()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        for (int number = 0; number < 12; number++)
        {
            await jobs.RunAsync(new JobRequest(number % 3 == 0 ? "false" : "true")
            {
                Name = $"n{number}",
                Queue = number < 6 ? "early" : "late",
                Tags = new Dictionary<string, string> { ["half"] = number < 6 ? "First one" : "second" },
            });
        }

        Assert.Equal(["n9", "n6", "n3", "n0"], await NamesAsync(new JobFilter { Statuses = [JobStatus.Failed] }));
        Assert.Equal(
            ["n3", "n0"], await NamesAsync(new JobFilter { Statuses = [JobStatus.Failed], Queue = "early" }));
        var second = new Dictionary<string, string> { ["half"] = "second" };
        Assert.Equal(6, (await NamesAsync(new JobFilter { Tags = second })).Count);
        Assert.Equal(["n11", "n10", "n1"], await NamesAsync(new JobFilter { Text = "N1" }));
        Assert.Equal(6, (await NamesAsync(new JobFilter { Text = "first ONE" })).Count);
        JobPage first = await jobs.ListAsync(new JobFilter { Most = 5 });
        JobPage rest = await jobs.ListAsync(new JobFilter { Most = 7, Before = first.Next });
        Assert.Equal("n11 n10 n9 n8 n7", string.Join(' ', first.Jobs.Select(static job => job.Name)));
        Assert.Equal("n6 n5 n4 n3 n2 n1 n0", string.Join(' ', rest.Jobs.Select(static job => job.Name)));
        Assert.Null(rest.Next);

        async Task<List<string>> NamesAsync(JobFilter filter) =>
            [.. (await jobs.ListAsync(filter)).Jobs.Select(static job => job.Name)];
    }

    [Fact]
    public async Task ARequestIsThereToBeStartedAgain()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo first = await jobs.RunAsync(new JobRequest("printf", "%s", "a\nb")
        {
            Environment = new Dictionary<string, string?> { ["A"] = "b=c", ["D"] = null },
            Queue = "other",
            TimeLimit = TimeSpan.FromMinutes(2),
            Retries = new JobRetries(2),
            KeepFor = TimeSpan.FromHours(3),
            Limits = ["core=0"],
        });
        JobRequest request = await jobs.GetRequestAsync(first.Name);
        Assert.Equal(("printf", "other", "b=c"), (request.Program, request.Queue, request.Environment["A"]));
        Assert.Equal(["%s", "a\nb"], request.Arguments);
        Assert.Null(request.Environment["D"]);
        Assert.Equal((2, TimeSpan.FromHours(3)), (request.Retries.Most, request.KeepFor));
        JobInfo second = await jobs.RunAsync(request);
        Assert.NotEqual(first.Name, second.Name);
        Assert.Equal("a\nb", await jobs.TextAsync(second.Name));
    }
}
