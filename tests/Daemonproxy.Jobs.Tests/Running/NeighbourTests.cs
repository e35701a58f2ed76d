using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Jobs.Tests.Harness;
using Xunit;
using static Daemonproxy.Jobs.Tests.Harness.JobsExtensions;

namespace Daemonproxy.Jobs.Tests.Running;

/// <summary>Sockets of right jobs, and applications that share one.</summary>
public sealed class NeighbourTests
{
    [RootFact]
    public async Task ASocketOfRightJobsIsEnough()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        string socket = await RestrictedAsync(stage, "user=nobody:nogroup");
        IJobs jobs = await stage.OpenAsync(options => options.Socket = socket);
        JobInfo ended = await jobs.RunAsync(new JobRequest("/bin/sh", "-c", "id -un; cat; echo $A; echo \"$0\"", "a\nb")
        {
            Input = new MemoryStream("in\n"u8.ToArray()),
            Environment = new System.Collections.Generic.Dictionary<string, string?> { ["A"] = "secret" },
        });
        Assert.Equal((JobStatus.Succeeded, 0), (ended.Status, ended.ExitCode));
        Assert.Equal("nobody\nin\nsecret\na\nb\n", await jobs.TextAsync(ended.Name));
        JobInfo job = await jobs.StartAsync(Sh("sleep 1000 & echo $!; wait"));
        int[] pids = await StopTests.PidsAsync(jobs, job.Name, 1);
        await jobs.StopAsync(job.Name);
        Assert.Equal(JobStatus.Stopped, (await jobs.EndAsync(job.Name)).Status);
        await jobs.ForgetAsync(job.Name);
        Assert.False(StopTests.IsAlive(pids[0]));
    }

    [RootFact]
    public async Task WithAControlGroupAStopReachesWhatHasLeftTheSession()
    {
        string? mount = (await File.ReadAllLinesAsync("/proc/self/mountinfo"))
            .Where(static line => line.Contains(" - cgroup2 ", StringComparison.Ordinal))
            .Select(static line => line.Split(' ')[4]).FirstOrDefault();
        Assert.NotNull(mount);
        await using JobsStage stage = await JobsStage.StartAsync();
        string group = $"daemonproxy-jobs-{Environment.ProcessId}";
        string socket = await RestrictedAsync(stage, $"user=nobody:nogroup,cgroup=/{group}");
        await using (IDisposableJobs jobs = await DaemonproxyJobs.StartAsync(
            stage.Options(options => options.Socket = socket)))
        {
            JobInfo job = await jobs.StartAsync(
                Sh("setsid sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' & wait"));
            int[] pids = await StopTests.PidsAsync(jobs, job.Name, 1);
            Assert.Equal(JobReach.ControlGroup, (await jobs.UntilRunsAsync(job.Name)).Reach);
            await jobs.StopAsync(job.Name, TimeSpan.FromSeconds(1));
            await jobs.EndAsync(job.Name);
            await jobs.ForgetAsync(job.Name);
            Assert.False(StopTests.IsAlive(pids[0]));
        }

        Directory.Delete(Path.Combine(mount, group));
    }

    [Fact]
    public async Task APrefixThatTheSocketDoesNotHaveIsAFault()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        string socket = await RestrictedAsync(stage, $"user={Environment.UserName}");
        IJobs jobs = await stage.OpenAsync(options =>
        {
            options.Socket = socket;
            options.Prefix = "other.";
        });
        Assert.Equal(JobsFault.NotAllowed, (await RefusalAsync(jobs)).Fault);
    }

    [Fact]
    public async Task TwoApplicationsOnOneSocketSeeTheirOwnJobs()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs one = await stage.OpenAsync(static options => options.Application = "one");
        IJobs two = await stage.OpenAsync(options =>
        {
            options.Application = "two";
            options.Directory = Path.Combine(stage.Daemon.Folder, "two");
        });
        JobInfo[] ended = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(number => (number % 2 == 0 ? one : two).RunAsync(Sh($"echo {number}"))));
        Assert.All(ended, static job => Assert.Equal(JobStatus.Succeeded, job.Status));
        Assert.Equal(10, (await one.ListAsync()).Jobs.Count);
        Assert.Equal(10, (await two.ListAsync()).Jobs.Count);
        Assert.Empty((await one.ListAsync()).Jobs.Select(static job => job.Name)
            .Intersect((await two.ListAsync()).Jobs.Select(static job => job.Name)));
        Assert.Equal(JobsFault.NotFound, (await Assert.ThrowsAsync<JobsException>(
            () => one.StopAsync(ended[1].Name))).Fault);
    }

    [Fact]
    public async Task TheSameNameOfTwoApplicationsRunsOnce()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs one = await stage.OpenAsync(static options => options.Application = "one");
        IJobs two = await stage.OpenAsync(options =>
        {
            options.Application = "two";
            options.Directory = Path.Combine(stage.Daemon.Folder, "two");
        });
        JobInfo first = await one.StartAsync(new JobRequest("sleep", "1000") { Name = "same" });
        await one.UntilRunsAsync("same");
        JobInfo second = await two.RunAsync(new JobRequest("sleep", "1000") { Name = "same" });
        Assert.Equal(
            (JobStatus.Failed, "Another controller has a service t.same in the daemon."),
            (second.Status, second.Reason));
        Assert.Equal(JobStatus.Running, (await one.GetAsync("same")).Status);
        await two.ForgetAsync("same");
        await one.StopAsync("same");
        Assert.Equal(JobStatus.Stopped, (await one.EndAsync(first.Name)).Status);
    }

    [Fact]
    public async Task TwoApplicationsOfOneNameAreRefused()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs one = await stage.OpenAsync();
        await one.RunAsync(new JobRequest("true"));
        IJobs two = await stage.OpenAsync(options => options.Directory = Path.Combine(stage.Daemon.Folder, "two"));
        JobsException problem = await RefusalAsync(two);
        Assert.Equal(JobsFault.ApplicationTaken, problem.Fault);
        Assert.All((await two.ListAsync()).Jobs, static job => Assert.Equal(JobStatus.Queued, job.Status));
        Assert.Equal(JobStatus.Succeeded, (await one.RunAsync(new JobRequest("true"))).Status);
    }

    [Fact]
    public async Task ADeletedMarkIsMadeAgain()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.StartAsync(Sh("exec sleep 1000"));
        await jobs.UntilRunsAsync(job.Name);
        await using DaemonConnection daemon = await stage.Daemon.ConnectAsync();
        await daemon.ServiceDeleteAsync("t.tests");
        Assert.Equal(JobStatus.Succeeded, (await jobs.RunAsync(new JobRequest("true"))).Status);
        Assert.Equal(JobStatus.Running, (await jobs.GetAsync(job.Name)).Status);
        await jobs.StopAsync(job.Name);
        Assert.Equal(JobStatus.Stopped, (await jobs.EndAsync(job.Name)).Status);
    }

    [Fact]
    public async Task ServicesOfOthersAreLeftAlone()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        await using DaemonConnection daemon = await stage.Daemon.ConnectAsync();
        await daemon.ServiceArgsAsync("t.theirs", "/bin/sleep", "1000");
        await daemon.ServiceTagsAsync("t.theirs", "job.other=1 0123456789abcdef 1 0 -1 0 default");
        await daemon.ServiceStartAsync("t.theirs");
        IJobs jobs = await stage.OpenAsync();
        JobInfo refused = await jobs.RunAsync(new JobRequest("true") { Name = "theirs" });
        Assert.Equal(JobStatus.Failed, refused.Status);
        DaemonState state = await daemon.FollowStateAsync();
        ServiceInfo service = state.Current.Services["t.theirs"];
        Assert.Equal(ServicePhase.Up, service.Phase);
        Assert.Equal(["job.other=1 0123456789abcdef 1 0 -1 0 default"], service.Tags);
    }

    // It is told once the daemon was asked. What was accepted before waits.
    private static async Task<JobsException> RefusalAsync(IJobs jobs)
    {
        while (true)
        {
            try
            {
                Assert.False((await jobs.StartAsync(new JobRequest("true"), Patience.Token)).IsOver);
            }
            catch (JobsException refused)
            {
                return refused;
            }
        }
    }

    private static async Task<string> RestrictedAsync(JobsStage stage, string options)
    {
        string socket = Path.Combine(stage.Daemon.Folder, "restricted");
        await using DaemonConnection daemon = await stage.Daemon.ConnectAsync();
        await daemon.RunAsync("socket.create", $"name=jobs,allow=jobs,prefix=t.,{options}", socket);
        return socket;
    }
}
