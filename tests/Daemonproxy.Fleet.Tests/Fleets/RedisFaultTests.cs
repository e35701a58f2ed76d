using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Fleet.Tests.Harness;
using Daemonproxy.Jobs;
using Xunit;
using static Daemonproxy.Fleet.Tests.Harness.TestFleet;

namespace Daemonproxy.Fleet.Tests.Fleets;

/// <summary>
/// A Redis that is restarted, with and without its data, slow and split connections, and other versions.
/// </summary>
public sealed class RedisFaultTests
{
    [Fact]
    public async Task ARedisThatIsRestartedWithItsDataLosesNothing()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(2, null, "--places", "2");
        string gate = Path.Combine(fleet.Machines[0].Daemon.Folder, "gate");
        for (int i = 0; i < 10; i++)
        {
            await fleet.Jobs.StartAsync(Shell($"while [ ! -e {gate} ]; do sleep 0.05; done; echo {i}", $"j{i}"));
        }

        await fleet.RunningAsync("j0");
        await fleet.Redis.KillAsync();
        await File.WriteAllTextAsync(gate, ""); // What runs ends while Redis is away.
        foreach (TestMachine machine in fleet.Machines)
        {
            await machine.Agent.HearAsync("Redis does not answer");
        }

        await fleet.Redis.StartAgainAsync();
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(JobStatus.Succeeded, (await fleet.WaitAsync($"j{i}")).Status);
            Assert.Equal(1, await fleet.NumberAsync($"j{i}", "att"));
            await fleet.AssertAccountedAsync($"j{i}");
        }
    }

    [Fact]
    public async Task AWaitThatBeginsWithoutRedisGoesOnWhenItIsBack()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await fleet.Jobs.StartAsync(Shell("true", "done"));
        await fleet.WaitAsync("done");
        await fleet.Redis.KillAsync();
        await using var patient = new FleetClient(new FleetOptions { Redis = fleet.Redis.Socket });
        await using var hasty = new FleetClient(new FleetOptions
        {
            Redis = fleet.Redis.Socket,
            Patience = TimeSpan.FromMilliseconds(200),
        });
        Task<JobInfo> waiting = patient.WaitAsync("done", Patience.Token);
        JobsException refused = await Assert.ThrowsAsync<JobsException>(() => hasty.WaitAsync("done", Patience.Token));
        Assert.Equal(JobsFault.Storage, refused.Fault);

        await fleet.Redis.StartAgainAsync();
        Assert.Equal(JobStatus.Succeeded, (await waiting).Status);
        for (int tries = 0; ; tries++)
        {
            try
            {
                Assert.Equal(JobStatus.Succeeded, (await hasty.WaitAsync("done", Patience.Token)).Status);
                break;
            }
            catch (JobsException problem) when (problem.Fault == JobsFault.Storage && tries < 100)
            {
                await Task.Delay(50, Patience.Token); // 200 ms can be too short for the connection.
            }
        }

        await hasty.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => hasty.WaitAsync("done", Patience.Token));
    }

    [Fact]
    public async Task ARedisThatLosesItsDataLosesWhatWaitedAndHearsOfWhatRuns()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(1, null, "--places", "1");
        TestMachine machine = fleet.Machines[0];
        string gate = Path.Combine(machine.Daemon.Folder, "gate");
        await fleet.Jobs.StartAsync(Shell($"while [ ! -e {gate} ]; do sleep 0.05; done; echo end", "runs"));
        await fleet.Jobs.StartAsync(Shell("true", "waits"));
        JobInfo before = await fleet.RunningAsync("runs");
        await fleet.Redis.KillAsync();
        fleet.Redis.Forget();
        await fleet.Redis.StartAgainAsync();
        await machine.Agent.HearAsync("lost its data");
        while (await fleet.Jobs.FindAsync("runs") is null)
        {
            await Task.Delay(50, Patience.Token);
        }

        await File.WriteAllTextAsync(gate, "");
        JobInfo after = await fleet.WaitAsync("runs");
        Assert.Equal((JobStatus.Succeeded, before.Fence, before.Id), (after.Status, after.Fence, after.Id));
        Assert.Contains("made anew", after.Reason, StringComparison.Ordinal);
        using var output = new StreamReader(await fleet.Jobs.OpenOutputAsync("runs"));
        Assert.Equal("end\n", await output.ReadToEndAsync());
        Assert.Null(await fleet.Jobs.FindAsync("waits"));
        await fleet.Jobs.StartAsync(Shell("true", "new"));
        Assert.Equal(JobStatus.Succeeded, (await fleet.WaitAsync("new")).Status);
    }

    [Fact]
    public async Task ALastSecondThatRedisForgetsIsReported()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(1, null, "--places", "1");
        await fleet.Redis.CallAsync("CONFIG", "SET", "appendfsync", "everysec");
        TestMachine machine = fleet.Machines[0];
        string first = Path.Combine(machine.Daemon.Folder, "first");
        string second = Path.Combine(machine.Daemon.Folder, "second");
        await fleet.Jobs.StartAsync(Shell($"while [ ! -e {first} ]; do sleep 0.05; done", "reported"));
        await fleet.Jobs.StartAsync(Shell($"while [ ! -e {second} ]; do sleep 0.05; done", "claimed"));
        JobInfo reported = await fleet.RunningAsync("reported");
        fleet.Redis.Remember();

        // What Redis will forget: an end, a claim, and a job.
        await File.WriteAllTextAsync(first, "");
        Assert.Equal(JobStatus.Succeeded, (await fleet.WaitAsync("reported")).Status);
        JobInfo claimed = await fleet.RunningAsync("claimed");
        await fleet.Jobs.StartAsync(Shell("true", "accepted"));
        await fleet.Redis.KillAsync();
        fleet.Redis.ForgetWhatCameLater();
        await fleet.Redis.StartAgainAsync();

        await machine.Agent.HearAsync("Redis has older data than before");
        Assert.Null(await fleet.Jobs.FindAsync("accepted"));
        JobInfo again = await fleet.RunningAsync("claimed");
        Assert.Equal((claimed.Fence, claimed.Pid), (again.Fence, again.Pid));
        await File.WriteAllTextAsync(second, "");
        Assert.Equal(claimed.Fence, (await fleet.WaitAsync("claimed")).Fence);
        JobInfo repeated = await fleet.WaitAsync("reported");
        Assert.Equal(JobStatus.Succeeded, repeated.Status);
        Assert.True(repeated.Fence > reported.Fence, $"{repeated}");
        await fleet.AssertAccountedAsync("claimed");
        await fleet.AssertAccountedAsync("reported");
    }

    [Fact]
    public async Task SlowAndSplitConnectionsLoseNothing()
    {
        const int jobs = 60;
        string folder = Directory.CreateTempSubdirectory("daemonproxy-proxy-").FullName;
        string place = Path.Combine(folder, "redis.sock");
        await using TestFleet fleet = await TestFleet.StartAsync();
        await using var proxy = new SplitProxy(place, fleet.Redis.Socket, seed: 7);
        fleet.Machines.Add(await TestMachine.StartAsync("far", place, "--lease", "1.5", "--places", "4"));
        await fleet.Machines[0].DisposeAsync();
        fleet.Machines.RemoveAt(0);
        proxy.IsBad = true;
        for (int i = 0; i < jobs; i++)
        {
            await fleet.Jobs.StartAsync(Shell($"echo {i}", $"j{i}"));
        }

        JobInfo[] ended = await Task.WhenAll(Enumerable.Range(0, jobs).Select(i => fleet.WaitAsync($"j{i}")));
        Assert.All(ended, static job => Assert.True(job.Status == JobStatus.Succeeded, $"{job}"));
        foreach (JobInfo job in ended)
        {
            Assert.Equal(1, await fleet.NumberAsync(job.Name, "att"));
            await fleet.AssertAccountedAsync(job.Name);
        }

        Assert.True(proxy.Splits > 0);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task RecordsOfOtherVersionsAreLeftToOthers()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        var tomorrow = new FleetPlace { NotBefore = DateTimeOffset.UtcNow.AddDays(1) };
        await fleet.Jobs.StartAsync(Shell("true", "odd"), tomorrow);
        await fleet.Redis.CallAsync(
            "HSET", $"{Prefix}:job:odd", "spec", """{"arguments":"L2Jpbi90cnVlAA==","flavour":"sour"}""");
        await fleet.Redis.CallAsync("ZADD", $"{Prefix}:due", "1", "odd");
        JobInfo odd = await fleet.UntilAsync("odd", static job => job.Reason is not null);
        Assert.Contains("does not understand the record", odd.Reason, StringComparison.Ordinal);
        Assert.Contains("flavour", odd.Reason, StringComparison.Ordinal);
        Assert.Equal(JobStatus.Queued, odd.Status);

        // Another version of records has streams of its own.
        string stream = $"{Prefix}:q:2:default:1";
        await fleet.Redis.CallAsync("XADD", stream, "*", "n", "newer", "i", "x");
        await fleet.Redis.CallAsync("SADD", $"{Prefix}:streams", stream);
        await fleet.Machines[0].Agent.HearAsync("newer than this agent understands");
        Assert.Equal("1", await fleet.Redis.CallAsync("XLEN", stream));
        while ((await fleet.Jobs.GetStatusAsync()).Machines[0].Trouble is null)
        {
            await Task.Delay(50, Patience.Token);
        }
    }

    [Fact]
    public async Task AnIdleAgentHasOneBlockingReadAtMost()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(
            3, null, "--lease", "9", "--queue", "default", "--queue", "gpu");
        while (await BlockedAsync(fleet) < 3)
        {
            await Task.Delay(20, Patience.Token);
        }

        Assert.Equal(3, await BlockedAsync(fleet));
        await fleet.Jobs.StartAsync(new JobRequest("/bin/true") { Name = "g", Queue = "gpu" });
        Assert.Equal(JobStatus.Succeeded, (await fleet.WaitAsync("g")).Status);
    }

    [Fact]
    public async Task ARedisThatIsNotThereIsSaid()
    {
        await using var jobs = new FleetClient(
            new FleetOptions { Redis = "/nowhere/redis.sock", Patience = TimeSpan.FromMilliseconds(200) });
        JobsException problem = await Assert.ThrowsAsync<JobsException>(() => jobs.FindAsync("x"));
        Assert.Equal(JobsFault.Storage, problem.Fault);
        Assert.StartsWith("Redis at /nowhere/redis.sock does not answer", problem.Message, StringComparison.Ordinal);
    }

    private static async Task<int> BlockedAsync(TestFleet fleet)
    {
        string info = await fleet.Redis.CallAsync("INFO", "clients");
        string line = info.Split('\n').Single(
            static line => line.StartsWith("blocked_clients:", StringComparison.Ordinal)).Trim();
        return int.Parse(line["blocked_clients:".Length..], CultureInfo.InvariantCulture);
    }
}
