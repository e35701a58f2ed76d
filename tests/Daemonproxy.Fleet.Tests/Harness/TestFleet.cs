using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Jobs;
using Xunit;

namespace Daemonproxy.Fleet.Tests.Harness;

/// <summary>A Redis, machines, and an application.</summary>
internal sealed class TestFleet : IAsyncDisposable
{
    public const string Prefix = "{daemonproxy}";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);

    private TestFleet(TestRedis redis, string? place)
    {
        Redis = redis;
        Jobs = new FleetClient(new FleetOptions
        {
            Redis = place ?? redis.Socket,
            PollInterval = TimeSpan.FromMilliseconds(500),
        });
    }

    public TestRedis Redis { get; }

    public FleetClient Jobs { get; }

    public List<TestMachine> Machines { get; } = [];

    /// <summary>Starts one with machines a0, a1 and so on, whose lease is short.</summary>
    public static async Task<TestFleet> StartAsync(int machines = 1, string? place = null, params string[] options)
    {
        var fleet = new TestFleet(await TestRedis.StartAsync(), place);
        fleet.Machines.AddRange(await Task.WhenAll(Enumerable.Range(0, machines)
            .Select(i => TestMachine.StartAsync(
                string.Create(CultureInfo.InvariantCulture, $"a{i}"), place ?? fleet.Redis.Socket,
                options.Contains("--lease") ? options : ["--lease", "1.5", .. options]))));
        return fleet;
    }

    /// <summary>A shell command as a job.</summary>
    public static JobRequest Shell(string script, string? name = null) => new("/bin/sh", "-c", script) { Name = name };

    /// <summary>Waits until a job is so.</summary>
    public async Task<JobInfo> UntilAsync(string name, Func<JobInfo, bool> isWanted)
    {
        await foreach (JobInfo job in LooksAsync(name))
        {
            if (isWanted(job))
            {
                return job;
            }
        }

        throw await TooLongAsync(name);
    }

    public async Task<JobInfo> WaitAsync(string name)
    {
        try
        {
            using var patience = new CancellationTokenSource(_patience);
            return await Jobs.WaitAsync(name, patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw await TooLongAsync(name);
        }
    }

    public Task<JobInfo> RunningAsync(string name) =>
        UntilAsync(name, static job => job is { Status: JobStatus.Running, Pid: not null });

    /// <summary>A number that Redis has of a job: runs, att (reports), lost, back.</summary>
    public async Task<int> NumberAsync(string job, string field)
    {
        string text = await Redis.CallAsync("HGET", $"{Prefix}:job:{job}", field);
        return text.Length == 0 ? 0 : int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>The output of <c>dpctl fleet status</c>.</summary>
    public async Task<(int Code, string Text)> StatusAsync(params string[] options)
    {
        using Process status = Process.Start(new ProcessStartInfo(
            TestMachine.AgentProgram, ["status", "--redis", Redis.Socket, .. options])
        {
            RedirectStandardOutput = true,
        })!;
        string text = await status.StandardOutput.ReadToEndAsync();
        await status.WaitForExitAsync();
        return (status.ExitCode, text);
    }

    /// <summary>Each run of a job is a report, was lost, or was given back.</summary>
    public async Task AssertAccountedAsync(string job)
    {
        int runs = await NumberAsync(job, "runs");
        int known = await NumberAsync(job, "att") + await NumberAsync(job, "lost") + await NumberAsync(job, "back");
        Assert.Equal(runs, known);
    }

    public async ValueTask DisposeAsync()
    {
        await Jobs.DisposeAsync();
        await Task.WhenAll(Machines.Select(static machine => machine.DisposeAsync().AsTask()));
        await Redis.DisposeAsync();
    }

    // Some changes of a record are told to nobody.
    private async IAsyncEnumerable<JobInfo> LooksAsync(string name)
    {
        long begun = Environment.TickCount64;
        for (; Environment.TickCount64 - begun < _patience.TotalMilliseconds; await Task.Delay(20))
        {
            yield return await Jobs.GetAsync(name);
        }
    }

    private async Task<Exception> TooLongAsync(string name) => new TimeoutException(
        $"{await Jobs.GetAsync(name)}\n{await Redis.CallAsync("HGETALL", $"{Prefix}:job:{name}")}\n" + string.Join(
            "\n\n", Machines.Select(static machine => $"{machine.Name}:\n{machine.Agent.Said}")));
}
