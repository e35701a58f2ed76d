using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Fleet.Tests.Harness;
using Daemonproxy.Jobs;
using Daemonproxy.Jobs.Tests.Harness;
using Xunit;
using static Daemonproxy.Fleet.Tests.Harness.TestFleet;

namespace Daemonproxy.Fleet.Tests.Fleets;

/// <summary>The calls of an application to a fleet that is well.</summary>
public sealed class JobTests
{
    [Fact]
    public async Task AJobRunsAndItsOutputIsReadElsewhere()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        JobInfo accepted = await fleet.Jobs.StartAsync(new JobRequest(
            "/bin/sh",
            "-c",
            "cat; echo $DAEMONPROXY_JOB $DAEMONPROXY_FENCE $DAEMONPROXY_MACHINE $COLOUR; echo bad >&2; exit 3")
        {
            Name = "first",
            Input = new MemoryStream("input\n"u8.ToArray()),
            Environment = new Dictionary<string, string?> { ["COLOUR"] = "blue" },
            Tags = new Dictionary<string, string> { ["user"] = "7" },
        });
        Assert.Equal("first", accepted.Name);
        JobInfo job = await fleet.WaitAsync("first");
        Assert.Equal((JobStatus.Failed, 3, "a0", "7"), (job.Status, job.ExitCode, job.Machine, job.Tags["user"]));
        Assert.True(job.Created <= job.Started && job.Started <= job.Ended, $"{job}");
        string expected = $"input\nfirst {job.Fence} a0 blue\nbad\n";
        Assert.Equal(expected, await OutputAsync(fleet, "first"));
        Assert.Equal(expected.Length, job.OutputSize);
        await fleet.AssertAccountedAsync("first");

        JobsException refused = await Assert.ThrowsAsync<JobsException>(() => fleet.Jobs.GetRequestAsync("first"));
        Assert.Equal(JobsFault.OutputGone, refused.Fault); // its input
        JobPage page = await fleet.Jobs.ListAsync(new JobFilter { Tags = job.Tags });
        Assert.Equal("first", Assert.Single(page.Jobs).Name);
        Assert.Equal(1, (await fleet.Jobs.CountAsync())[JobStatus.Failed]);
        await fleet.Jobs.ForgetAsync("first");
        Assert.Null(await fleet.Jobs.FindAsync("first"));
    }

    [Fact]
    public async Task ANameIsAcceptedOnce()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(machines: 0);
        await fleet.Jobs.StartAsync(Shell("true", "one"));
        JobsException refused = await Assert.ThrowsAsync<JobsException>(
            () => fleet.Jobs.StartAsync(Shell("true", "one")));
        Assert.Equal(JobsFault.NameTaken, refused.Fault);
    }

    [Theory]
    [InlineData("a b", "default", "", "\"a b\" is not a valid job name: 1 to 20 of A-Z a-z 0-9 . _ -.")]
    [InlineData("..", "default", "", "The name of a job cannot be . or .., because it is part of paths.")]
    [InlineData("one", "", "", "The name of a queue is 1 to 40 of A-Z a-z 0-9 . _ -.")]
    [InlineData("one", "default", "fleet", "The key fleet belongs to Daemonproxy.")]
    public async Task ARequestThatIsNotValidIsRefused(string name, string queue, string tag, string text)
    {
        await using TestFleet fleet = await TestFleet.StartAsync(machines: 0);
        Dictionary<string, string> tags = [];
        if (tag.Length > 0)
        {
            tags[tag] = "x";
        }

        JobsException refused = await Assert.ThrowsAsync<JobsException>(() => fleet.Jobs.StartAsync(
            new JobRequest("/bin/true") { Name = name, Queue = queue, Tags = tags }));
        Assert.Equal((JobsFault.BadRequest, text), (refused.Fault, refused.Message));
        Assert.Throws<ArgumentException>(() => new JobRequest("")); // No program: there is no such request.
    }

    [Fact]
    public async Task AProgramThatIsMissingAndOneThatIsNotAllowedSaySo()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(1, null, "--allow", "/no/such/program");
        await fleet.Jobs.StartAsync(new JobRequest("/no/such/program") { Name = "missing" });
        JobInfo missing = await fleet.WaitAsync("missing");
        Assert.Equal((JobStatus.Failed, "execute", "ENOENT"),
            (missing.Status, missing.Failure?.Step, missing.Failure?.Error));
        await fleet.Jobs.StartAsync(new JobRequest("/bin/false") { Name = "forbidden" });
        JobInfo forbidden = await fleet.WaitAsync("forbidden");
        Assert.Equal(
            (JobStatus.Failed, "Machine a0 does not run /bin/false."), (forbidden.Status, forbidden.Reason));
        Assert.Null(forbidden.ExitCode);
    }

    [RootFact]
    public async Task ASocketOfRightJobsIsEnoughAndItsUserRunsTheJobs()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(machines: 0);
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string socket = Path.Combine(daemon.Folder, "fleet.sock");
        await using (DaemonConnection connection = await daemon.ConnectAsync())
        {
            await connection.RunAsync(
                "socket.create", "name=fleet,mode=0600,allow=jobs,prefix=fleet.,user=nobody,max=16", socket);
        }

        await using GuardedProcess agent = await GuardedProcess.StartAsync(
            TestMachine.AgentProgram, "run", "-S", socket, "--name", "a0", "--redis", fleet.Redis.Socket,
            "--allow", "/bin/sh", "--directory", Path.Combine(daemon.Folder, "agent"), "-v");
        await agent.HearAsync("has a lease");
        await fleet.Jobs.StartAsync(new JobRequest("/bin/sh", "-c", "cat; id -un; exit 4")
        {
            Name = "small",
            Input = new MemoryStream("in\n"u8.ToArray()),
        });
        JobInfo job = await fleet.WaitAsync("small");
        Assert.Equal((JobStatus.Failed, 4), (job.Status, job.ExitCode));
        Assert.Equal("in\nnobody\n", await OutputAsync(fleet, "small"));
    }

    [Fact]
    public async Task HighPriorityGoesFirstAndLowLast()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(1, null, "--places", "1");
        await fleet.Jobs.StartAsync(Shell("sleep 60", "blocker"));
        await fleet.RunningAsync("blocker");
        foreach (FleetPriority priority in Enum.GetValues<FleetPriority>().Reverse())
        {
            await fleet.Jobs.StartAsync(Shell("true", $"{priority}"), new FleetPlace { Priority = priority });
        }

        FleetStatus status = await fleet.Jobs.GetStatusAsync();
        Assert.Equal(3, status.Queues.Sum(static queue => queue.Waiting));
        await fleet.Jobs.StopAsync("blocker", TimeSpan.Zero);
        JobInfo[] jobs = await Task.WhenAll(fleet.WaitAsync("High"), fleet.WaitAsync("Normal"), fleet.WaitAsync("Low"));
        Assert.True(jobs[0].Fence < jobs[1].Fence && jobs[1].Fence < jobs[2].Fence, string.Join('\n', (object[])jobs));
    }

    [Fact]
    public async Task AScheduledJobWaitsForItsTime()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        DateTimeOffset time = DateTimeOffset.UtcNow.AddSeconds(1);
        DateTimeOffset tomorrow = time.AddDays(1);
        JobInfo never = await fleet.Jobs.StartAsync(Shell("true", "never"), new FleetPlace { NotBefore = tomorrow });
        Assert.Equal(tomorrow.ToUnixTimeMilliseconds(), never.NextTry?.ToUnixTimeMilliseconds());
        await fleet.Jobs.StartAsync(Shell("true", "later"), new FleetPlace { NotBefore = time });
        JobInfo job = await fleet.WaitAsync("later");
        Assert.Equal(JobStatus.Succeeded, job.Status);
        Assert.True(job.Fence >= time.ToUnixTimeMilliseconds(), $"{job.Fence} is before {time:O}");
        Assert.Equal(JobStatus.Queued, (await fleet.Jobs.GetAsync("never")).Status);
    }

    [Fact]
    public async Task StopsRetriesAndTimeLimits()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await fleet.Jobs.StartAsync(Shell("sleep 60", "running"));
        var tomorrow = new FleetPlace { NotBefore = DateTimeOffset.UtcNow.AddDays(1) };
        await fleet.Jobs.StartAsync(Shell("true", "waiting"), tomorrow);
        await fleet.Jobs.StartAsync(
            new JobRequest("sleep", "60") { Name = "slow", TimeLimit = TimeSpan.FromSeconds(0.3) });
        await fleet.Jobs.StartAsync(new JobRequest("/bin/sh", "-c", "echo try; exit 1")
        {
            Name = "retried",
            Retries = new JobRetries(2) { FirstDelay = TimeSpan.FromMilliseconds(50) },
        });
        await fleet.RunningAsync("running");
        await fleet.Jobs.StopAsync("running", TimeSpan.Zero);
        await fleet.Jobs.StopAsync("waiting");
        Assert.Equal(JobStatus.Stopped, (await fleet.WaitAsync("running")).Status);
        JobInfo waiting = await fleet.WaitAsync("waiting");
        Assert.Equal((JobStatus.Stopped, 0L), (waiting.Status, waiting.Fence));
        Assert.Equal(JobStatus.TimedOut, (await fleet.WaitAsync("slow")).Status);
        JobInfo retried = await fleet.WaitAsync("retried");
        Assert.Equal((JobStatus.Failed, 3), (retried.Status, retried.Attempt));
        Assert.Equal("try\ntry\ntry\n", await OutputAsync(fleet, "retried"));
        await fleet.AssertAccountedAsync("retried");
    }

    [Fact]
    public async Task OutputIsFollowedAndBounded()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string gate = Path.Combine(fleet.Machines[0].Daemon.Folder, "gate");
        await fleet.Jobs.StartAsync(Shell(
            $"echo one; while [ ! -e {gate} ]; do sleep 0.05; done; head -c 400000 /dev/zero", "large"));
        await using Stream output = await fleet.Jobs.OpenOutputAsync("large", follow: true);
        byte[] first = new byte[4];
        await output.ReadExactlyAsync(first, Patience.Token);
        Assert.Equal("one\n", Encoding.UTF8.GetString(first));
        await File.WriteAllTextAsync(gate, "");
        using var rest = new MemoryStream();
        await output.CopyToAsync(rest, Patience.Token);
        Assert.Equal((256 * 1024) - 4, rest.Length);
        JobInfo job = await fleet.WaitAsync("large");
        Assert.Equal(400_004, job.OutputSize);
        Assert.Contains("the first 262144 are kept", job.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFinishedJobIsRemovedAfterItsTime()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await fleet.Jobs.StartAsync(new JobRequest("/bin/true") { Name = "short", KeepFor = TimeSpan.Zero });
        await fleet.Jobs.StartAsync(new JobRequest("/bin/true") { Name = "long" });
        await fleet.WaitAsync("long");
        while (await fleet.Jobs.FindAsync("short") is not null)
        {
            await Task.Delay(20, Patience.Token);
        }

        Assert.Equal("0", await fleet.Redis.CallAsync("EXISTS", $"{Prefix}:job:short"));
    }

    [Fact]
    public async Task ChangesAreWatched()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await using IAsyncEnumerator<JobChange> changes = fleet.Jobs.WatchAsync(Patience.Token).GetAsyncEnumerator();
        ValueTask<bool> next = changes.MoveNextAsync();
        await fleet.Jobs.StartAsync(Shell("true", "seen"));
        HashSet<JobStatus> seen = [];
        while (await next && changes.Current.Job is { } job)
        {
            seen.Add(job.Status);
            if (job.IsOver)
            {
                break;
            }

            next = changes.MoveNextAsync();
        }

        Assert.Contains(JobStatus.Succeeded, seen);
    }

    private static async Task<string> OutputAsync(TestFleet fleet, string job)
    {
        using var reader = new StreamReader(await fleet.Jobs.OpenOutputAsync(job));
        return await reader.ReadToEndAsync();
    }
}
