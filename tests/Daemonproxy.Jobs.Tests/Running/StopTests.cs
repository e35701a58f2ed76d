using System;
using System.IO;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Jobs.Tests.Harness;
using Xunit;
using static Daemonproxy.Jobs.Tests.Harness.JobsExtensions;

namespace Daemonproxy.Jobs.Tests.Running;

/// <summary>Stops, time limits, and what they reach.</summary>
public sealed class StopTests
{
    private const string Tree =
        "trap '' TERM; sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' & echo $$; wait";

    [Fact]
    public async Task AStopReachesTheWholeTree()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.StartAsync(Sh(Tree));
        int[] pids = await PidsAsync(jobs, job.Name, 2);

        await jobs.StopAsync(job.Name, TimeSpan.FromSeconds(1));
        JobInfo ended = await jobs.EndAsync(job.Name);

        Assert.Equal((JobStatus.Stopped, "SIGKILL"), (ended.Status, ended.Signal));
        Assert.True(ended.IsStopAsked);
        Assert.Equal(JobReach.Session, ended.Reach);
        await UntilGoneAsync(stage, job.Name);
        Assert.All(pids, static pid => Assert.False(IsAlive(pid)));
    }

    [Fact]
    public async Task ProcessesThatAJobLeavesBehindAreEnded()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        await using DaemonConnection daemon = await stage.Daemon.ConnectAsync();
        DaemonState state = await daemon.FollowStateAsync();
        JobInfo job = await jobs.RunAsync(Sh("sleep 1000 & echo $!; exit 0"));
        Assert.Equal(JobStatus.Succeeded, job.Status);
        int[] pids = await PidsAsync(jobs, job.Name, 1);
        await state.WaitAsync($"t.{job.Name}", static service => service is null, Patience.Token);
        Assert.False(IsAlive(pids[0]));
    }

    [Fact]
    public async Task AStoppedJobThatEndsItselfIsStopped()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.StartAsync(Sh("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done"));
        await PrintsAsync(jobs, job.Name);
        await jobs.StopAsync(job.Name, TimeSpan.FromSeconds(30));
        JobInfo ended = await jobs.EndAsync(job.Name);
        Assert.Equal((JobStatus.Stopped, 0), (ended.Status, ended.ExitCode));
        Assert.Equal("up\nbye\n", await jobs.TextAsync(job.Name));
    }

    [Fact]
    public async Task ASecondStopBringsTheKillForward()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.StartAsync(Sh(Tree));
        await PidsAsync(jobs, job.Name, 2);
        await jobs.StopAsync(job.Name, TimeSpan.FromHours(1));
        await jobs.StopAsync(job.Name, TimeSpan.Zero);
        Assert.Equal("SIGKILL", (await jobs.EndAsync(job.Name)).Signal);
    }

    [Fact]
    public async Task AStopOfOneThatIsOverOrUnknownIsAFault()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        await jobs.RunAsync(new JobRequest("true") { Name = "over" });
        Assert.Equal(
            JobsFault.IsOver, (await Assert.ThrowsAsync<JobsException>(() => jobs.StopAsync("over"))).Fault);
        JobsException unknown = await Assert.ThrowsAsync<JobsException>(() => jobs.StopAsync("never"));
        Assert.Equal((JobsFault.NotFound, "There is no job 'never'."), (unknown.Fault, unknown.Message));
    }

    [Fact]
    public async Task AJobThatRunsIsNotForgotten()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.StartAsync(Sh("sleep 1000"));
        JobsException problem = await Assert.ThrowsAsync<JobsException>(() => jobs.ForgetAsync(job.Name));
        Assert.Equal(JobsFault.NotOver, problem.Fault);
    }

    [Fact]
    public async Task ATimeLimitEndsTheWholeTree()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.StartAsync(
            new JobRequest("/bin/sh", "-c", Tree) { TimeLimit = TimeSpan.FromSeconds(3) });
        int[] pids = await PidsAsync(jobs, job.Name, 2);
        JobInfo ended = await jobs.EndAsync(job.Name);
        Assert.Equal((JobStatus.TimedOut, "SIGKILL"), (ended.Status, ended.Signal));
        await UntilGoneAsync(stage, job.Name);
        Assert.All(pids, static pid => Assert.False(IsAlive(pid)));
    }

    [Fact]
    public async Task AStopBySomebodyElseIsAStop()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.StartAsync(Sh("exec sleep 1000"));
        await jobs.UntilRunsAsync(job.Name);
        await using DaemonConnection daemon = await stage.Daemon.ConnectAsync();
        await daemon.ServiceStopAsync($"t.{job.Name}");
        JobInfo ended = await jobs.EndAsync(job.Name);
        Assert.Equal((JobStatus.Stopped, "SIGTERM", false), (ended.Status, ended.Signal, ended.IsStopAsked));
    }

    internal static async Task<int[]> PidsAsync(IJobs jobs, string name, int count)
    {
        await using Stream output = await jobs.OpenOutputAsync(name, follow: true);
        using var reader = new StreamReader(output);
        int[] pids = new int[count];
        for (int number = 0; number < count; number++)
        {
            string? line = await reader.ReadLineAsync(Patience.Token);
            pids[number] = int.Parse(line!, System.Globalization.CultureInfo.InvariantCulture);
        }

        return pids;
    }

    // A job is over with its process; its service goes with the rest of the tree.
    private static async Task UntilGoneAsync(JobsStage stage, string job)
    {
        await using DaemonConnection daemon = await stage.Daemon.ConnectAsync();
        DaemonState state = await daemon.FollowStateAsync();
        await state.WaitAsync($"t.{job}", static service => service is null, Patience.Token);
    }

    // A zombie that nobody has waited for is dead, too.
    internal static bool IsAlive(int pid)
    {
        try
        {
            string facts = File.ReadAllText($"/proc/{pid}/stat");
            return facts[facts.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task PrintsAsync(IJobs jobs, string name)
    {
        await using Stream output = await jobs.OpenOutputAsync(name, follow: true);
        Assert.Equal(1, await output.ReadAsync(new byte[1], Patience.Token));
    }
}
