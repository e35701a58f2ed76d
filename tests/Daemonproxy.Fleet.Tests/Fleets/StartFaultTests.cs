using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Fleet.Tests.Harness;
using Daemonproxy.Jobs;
using Daemonproxy.Jobs.Tests.Harness;
using Xunit;
using static Daemonproxy.Fleet.Tests.Harness.TestFleet;

namespace Daemonproxy.Fleet.Tests.Fleets;

/// <summary>Jobs that a machine, or no machine, can start: they go round without end, and with pauses.</summary>
public sealed class StartFaultTests
{
    [RootFact]
    public async Task AFullDiskMakesAMachinePauseAndOthersGoOn()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(1, null, "--places", "2");
        TestMachine full = fleet.Machines[0];
        Run("mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", full.Outputs);
        try
        {
            string filler = Path.Combine(full.Outputs, "filler");
            await File.WriteAllBytesAsync(filler, new byte[1_500_000]);
            for (int i = 0; i < 5; i++)
            {
                await fleet.Jobs.StartAsync(Shell("true", $"j{i}"));
            }

            await full.Agent.HearAsync("takes no jobs for 2 s");
            int returns = 0;
            for (int i = 0; i < 5; i++)
            {
                returns += await fleet.NumberAsync($"j{i}", "back");
            }

            Assert.InRange(returns, 1, 3); // Two places at first, and a single one then.
            FleetStatus status = await UntilTroubleAsync(fleet);
            Assert.Contains("is full: less than 1 MiB is free", status.Machines[0].Trouble, StringComparison.Ordinal);
            Assert.Contains(status.Returned, static one => one.Times > 0 && one.Why.Contains("is full"));
            (int code, string text) = await fleet.StatusAsync();
            Assert.Equal(3, code);
            Assert.Contains("GIVEN BACK", text, StringComparison.Ordinal);
            Assert.Contains("The last job could not be started: The disk of", text, StringComparison.Ordinal);

            fleet.Machines.Add(await TestMachine.StartAsync("b0", fleet.Redis.Socket, "--lease", "1.5"));
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal("b0", (await fleet.WaitAsync($"j{i}")).Machine);
                await fleet.AssertAccountedAsync($"j{i}");
            }

            Assert.Empty((await fleet.Jobs.GetStatusAsync()).Returned);
            await fleet.Machines[1].DisposeAsync();
            fleet.Machines.RemoveAt(1);
            File.Delete(filler);
            await fleet.Jobs.StartAsync(Shell("true", "room"));
            Assert.Equal((JobStatus.Succeeded, "a0"), (await fleet.WaitAsync("room")) is var job
                ? (job.Status, job.Machine) : default);
            await full.Agent.HearAsync("starts jobs again");
        }
        finally
        {
            Run("umount", "-l", full.Outputs);
        }
    }

    [Theory]
    [InlineData("""{"arguments":"L2Jpbi90cnVlAA==","flavour":"sour"}""", "flavour")]
    [InlineData("""{"arguments":""}""", "has no program")]
    [InlineData("""{"arguments":"L2Jpbi90cnVl"}""", "has no program")]
    [InlineData("""{"arguments":"AA=="}""", "has no program")]
    [InlineData("null", "is empty")]
    public async Task ARecordThatNobodyUnderstandsWaitsLongerEachTime(string record, string why)
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        var tomorrow = new FleetPlace { NotBefore = DateTimeOffset.UtcNow.AddDays(1) };
        await fleet.Jobs.StartAsync(Shell("true", "odd"), tomorrow);

        // As if it had been given back five times.
        await fleet.Redis.CallAsync("HSET", $"{Prefix}:job:odd", "spec", record, "row", "5");
        await fleet.Redis.CallAsync("ZADD", $"{Prefix}:due", "1", "odd");
        while (await fleet.NumberAsync("odd", "back") < 1)
        {
            await Task.Delay(50, Patience.Token);
        }

        // The fence is the time of its claim.
        JobInfo odd = await fleet.Jobs.GetAsync("odd");
        Assert.Equal(JobStatus.Queued, odd.Status);
        Assert.Contains("does not understand the record", odd.Reason, StringComparison.Ordinal);
        Assert.Contains(why, odd.Reason, StringComparison.Ordinal);
        Assert.True(odd.NextTry?.ToUnixTimeMilliseconds() >= odd.Fence + 32_000, $"{odd.NextTry} {odd.Fence}");
        FleetReturn returned = Assert.Single((await fleet.Jobs.GetStatusAsync()).Returned);
        Assert.Equal(
            ("odd", 6, odd.NextTry, odd.Reason), (returned.Job, returned.Times, returned.NextTry, returned.Why));
        await fleet.Machines[0].Agent.HearAsync("job odd is given back");
        (int code, string json) = await fleet.StatusAsync("--json");
        Assert.Equal(3, code);
        Assert.Equal(6, (int)JsonNode.Parse(json)!["returned"]![0]!["times"]!);

        // An agent that understands it runs it; the account begins anew.
        await fleet.Redis.CallAsync(
            "HSET", $"{Prefix}:job:odd", "spec", """{"arguments":"L2Jpbi90cnVlAA=="}""", "row", "30");
        await fleet.Redis.CallAsync("ZADD", $"{Prefix}:due", "1", "odd");
        Assert.Equal(JobStatus.Succeeded, (await fleet.WaitAsync("odd")).Status);
        Assert.Equal("0", await fleet.Redis.CallAsync("HEXISTS", $"{Prefix}:job:odd", "row"));
        Assert.Empty((await fleet.Jobs.GetStatusAsync()).Returned);
        await fleet.AssertAccountedAsync("odd");
    }

    [Fact]
    public async Task TheWaitOfAJobThatIsGivenBackHasABound()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        var tomorrow = new FleetPlace { NotBefore = DateTimeOffset.UtcNow.AddDays(1) };
        await fleet.Jobs.StartAsync(Shell("true", "old"), tomorrow);
        await fleet.Redis.CallAsync("HSET", $"{Prefix}:job:old", "spec", "null", "row", "500");
        await fleet.Redis.CallAsync("ZADD", $"{Prefix}:due", "1", "old");
        JobInfo old = await fleet.UntilAsync("old", static job => job is { NextTry: not null, Fence: > 0 });
        long wait = old.NextTry!.Value.ToUnixTimeMilliseconds() - old.Fence;
        Assert.InRange(wait, 300_000, 330_000);
        await fleet.Jobs.StopAsync("old");
        Assert.Equal(JobStatus.Stopped, (await fleet.WaitAsync("old")).Status);
        Assert.Empty((await fleet.Jobs.GetStatusAsync()).Returned);
    }

    [Fact]
    public async Task ControlCharactersInAStatusReachNoTerminal()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(machines: 0);
        await fleet.Redis.CallAsync("ZADD", $"{Prefix}:returned", "1", "evil\u001b[2J");
        (int code, string text) = await fleet.StatusAsync();
        Assert.Equal(3, code);
        Assert.DoesNotContain('\u001b', text);
        Assert.Contains("evil\\x1b[2J", text, StringComparison.Ordinal);
    }

    private static async Task<FleetStatus> UntilTroubleAsync(TestFleet fleet)
    {
        while (true)
        {
            FleetStatus status = await fleet.Jobs.GetStatusAsync();
            if (status.Machines.All(static machine => machine.Trouble is not null))
            {
                return status;
            }

            await Task.Delay(50, Patience.Token);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
