using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Fleet.Tests.Harness;
using Daemonproxy.Jobs;
using Xunit;
using static Daemonproxy.Fleet.Tests.Harness.TestFleet;

namespace Daemonproxy.Fleet.Tests.Fleets;

/// <summary>
/// Agents that are killed, daemons that crash, are upgraded and are killed, and machines that are lost.
/// </summary>
public sealed class MachineFaultTests
{
    [Fact]
    public async Task AnAgentThatIsKilledGoesOnWithItsJobs()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        TestMachine machine = fleet.Machines[0];
        string gate = Gate(machine);
        await fleet.Jobs.StartAsync(Shell($"echo one; {WaitFor(gate)}; echo two", "long"));
        JobInfo before = await fleet.RunningAsync("long");
        await machine.KillAgentAsync();
        await machine.StartAgentAsync();
        JobInfo after = await fleet.RunningAsync("long");
        Assert.Equal((before.Fence, before.Pid), (after.Fence, after.Pid));
        await File.WriteAllTextAsync(gate, "");
        Assert.Equal(JobStatus.Succeeded, (await fleet.WaitAsync("long")).Status);
        using var output = new StreamReader(await fleet.Jobs.OpenOutputAsync("long"));
        Assert.Equal("one\ntwo\n", await output.ReadToEndAsync());
        Assert.Equal(1, await fleet.NumberAsync("long", "runs"));
    }

    [Fact]
    public async Task AJobThatEndsWhileItsAgentIsAwayIsReported()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        TestMachine machine = fleet.Machines[0];
        string gate = Gate(machine);
        await fleet.Jobs.StartAsync(Shell($"{WaitFor(gate)}; exit 5", "short"));
        await fleet.RunningAsync("short");
        await machine.KillAgentAsync();
        await File.WriteAllTextAsync(gate, "");
        await using (DaemonConnection connection = await machine.Daemon.ConnectAsync())
        {
            DaemonState state = await connection.FollowStateAsync();
            await state.WaitAsync("fleet.short", static one => one?.Phase == ServicePhase.Exited, Patience.Token);
        }

        await machine.StartAgentAsync();
        JobInfo job = await fleet.WaitAsync("short");
        Assert.Equal((JobStatus.Failed, 5), (job.Status, job.ExitCode));
        Assert.Equal(1, await fleet.NumberAsync("short", "runs"));
    }

    [Fact]
    public async Task AMachineThatIsLateDoesNotReport()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(2);
        string folder = fleet.Machines[0].Daemon.Folder;
        await fleet.Jobs.StartAsync(Shell(
            $"if mkdir {folder}/first; then {WaitFor($"{folder}/gate")}; exit 9; fi; exit 0", "moved"));
        JobInfo first = await fleet.UntilAsync("moved", _ => Directory.Exists($"{folder}/first"));
        TestMachine slow = fleet.Machines.Single(machine => machine.Name == first.Machine);
        slow.SignalAll("STOP");
        JobInfo second = await fleet.WaitAsync("moved");
        Assert.NotEqual(first.Machine, second.Machine);
        Assert.True(second.Fence > first.Fence);

        slow.SignalAll("CONT");
        await File.WriteAllTextAsync($"{folder}/gate", "");
        await slow.Agent.HearAsync("job moved");
        while ((await slow.ServicesAsync()).Count > 0)
        {
            await Task.Delay(50, Patience.Token);
        }

        JobInfo last = await fleet.Jobs.GetAsync("moved");
        Assert.Equal((JobStatus.Succeeded, 0, second.Fence, second.Machine),
            (last.Status, last.ExitCode, last.Fence, last.Machine));
        Assert.Equal((2, 1, 1), (await fleet.NumberAsync("moved", "runs"), await fleet.NumberAsync("moved", "att"),
            await fleet.NumberAsync("moved", "lost")));
    }

    [Fact]
    public async Task ALostMachinesJobsAreTakenByOthers()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(1, null, "--places", "3");
        for (int i = 0; i < 3; i++)
        {
            await fleet.Jobs.StartAsync(Shell("[ $DAEMONPROXY_MACHINE != a0 ] || sleep 60", $"j{i}"));
            await fleet.RunningAsync($"j{i}");
        }

        await fleet.Machines[0].DisposeAsync();
        fleet.Machines[0] = await TestMachine.StartAsync("b0", fleet.Redis.Socket, "--lease", "1.5");
        for (int i = 0; i < 3; i++)
        {
            JobInfo job = await fleet.WaitAsync($"j{i}");
            Assert.Equal((JobStatus.Succeeded, "b0"), (job.Status, job.Machine));
            await fleet.AssertAccountedAsync($"j{i}");
        }

        FleetStatus status = await fleet.Jobs.GetStatusAsync();
        Assert.Null(status.Machines.Single(static machine => machine.Name == "a0").Lease);
    }

    [Fact]
    public async Task ADaemonThatCrashesOrIsUpgradedIsNotNoticed()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        TestMachine machine = fleet.Machines[0];
        string gate = Gate(machine);
        await fleet.Jobs.StartAsync(Shell(WaitFor(gate), "steady"));
        JobInfo before = await fleet.RunningAsync("steady");
        await using (DaemonConnection connection = await machine.Daemon.ConnectAsync())
        {
            await connection.ReexecAsync(Binary.Path);
        }

        machine.Daemon.Signal("SEGV");
        await fleet.Jobs.StartAsync(Shell("true", "next"));
        Assert.Equal(JobStatus.Succeeded, (await fleet.WaitAsync("next")).Status);
        await File.WriteAllTextAsync(gate, "");
        JobInfo after = await fleet.WaitAsync("steady");
        Assert.Equal((JobStatus.Succeeded, before.Fence, before.Pid), (after.Status, after.Fence, after.Pid));
        Assert.Equal(1, await fleet.NumberAsync("steady", "runs"));
    }

    [Fact]
    public async Task ADaemonThatComesBackFromNothingHasItsJobsRunAgain()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        TestMachine machine = fleet.Machines[0];
        string gate = Gate(machine);
        await fleet.Jobs.StartAsync(Shell(WaitFor(gate), "again"));
        JobInfo before = await fleet.RunningAsync("again");
        await machine.Daemon.KillAsync();
        await machine.Daemon.StartAgainAsync();
        JobInfo after = await fleet.UntilAsync(
            "again", job => job.Status == JobStatus.Running && job.Fence > before.Fence);
        Assert.NotEqual(before.Pid, after.Pid);
        await File.WriteAllTextAsync(gate, "");
        Assert.Equal(JobStatus.Succeeded, (await fleet.WaitAsync("again")).Status);
        Assert.Equal((2, 1), (await fleet.NumberAsync("again", "runs"), await fleet.NumberAsync("again", "lost")));
    }

    [Fact]
    public async Task ASecondMachineOfTheSameNameGetsNothing()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await using TestDaemon other = await TestDaemon.StartAsync();
        await using GuardedProcess agent = await GuardedProcess.StartAsync(
            TestMachine.AgentProgram, "run", "-S", other.Socket, "--name", "a0",
            "--redis", fleet.Redis.Socket, "--allow", "*", "--directory", Path.Combine(other.Folder, "agent"));
        await agent.HearAsync("Another machine has the name a0");
        await fleet.Jobs.StartAsync(Shell("echo $DAEMONPROXY_MACHINE; sleep 0.2", "one"));
        await fleet.WaitAsync("one");
        using var output = new StreamReader(await fleet.Jobs.OpenOutputAsync("one"));
        Assert.Equal("a0\n", await output.ReadToEndAsync());
        await using DaemonConnection connection = await other.ConnectAsync();
        DaemonState state = await connection.FollowStateAsync();
        Assert.DoesNotContain("fleet.one", state.Current.Services.Keys.Select(static name => name.Text));
    }

    [Fact]
    public async Task AnAgentThatIsDrainedEndsWhenItHasNoJobs()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        TestMachine machine = fleet.Machines[0];
        string gate = Gate(machine);
        await fleet.Jobs.StartAsync(Shell(WaitFor(gate), "last"));
        await fleet.RunningAsync("last");
        machine.Agent.Signal("USR1");
        await machine.Agent.HearAsync("takes no more jobs");
        await fleet.Jobs.StartAsync(Shell("true", "left"));
        await File.WriteAllTextAsync(gate, "");
        Assert.Equal(JobStatus.Succeeded, (await fleet.WaitAsync("last")).Status);
        Assert.True(await machine.Agent.HasEndedAsync());
        Assert.Equal(JobStatus.Queued, (await fleet.Jobs.GetAsync("left")).Status);
        Assert.Null((await fleet.Jobs.GetStatusAsync()).Machines.Single().Lease);
    }

    [Fact]
    public async Task AnEffectThatComparesTheFenceHappensOnce()
    {
        await using TestFleet fleet = await TestFleet.StartAsync(2);
        string example = Path.Combine(Repository.Root, "examples", "fleet-once", "once.py");
        string folder = fleet.Machines[0].Daemon.Folder;
        string script = $"if mkdir {folder}/second; then {WaitFor($"{folder}/gate")}; fi; "
            + $"python3 {example} {folder}/effects.db";
        await fleet.Jobs.StartAsync(Shell(script, "paid"));
        JobInfo first = await fleet.UntilAsync("paid", _ => Directory.Exists($"{folder}/second"));
        TestMachine slow = fleet.Machines.Single(machine => machine.Name == first.Machine);
        GuardedProcess.Signal(slow.Agent.Pid, "STOP"); // Its job goes on, and does not know that it is late.
        JobInfo second = await fleet.WaitAsync("paid");
        Assert.NotEqual(first.Machine, second.Machine);
        await File.WriteAllTextAsync($"{folder}/gate", "");
        while ((await slow.ServicesAsync()).Any(static one => one.Phase == ServicePhase.Up))
        {
            await Task.Delay(50, Patience.Token);
        }

        Assert.Equal($"paid|{second.Fence}|1", Sql($"{folder}/effects.db", "SELECT job, fence, amount FROM effects"));
        slow.Agent.Signal("CONT");
        await slow.Agent.HearAsync("job paid");
    }

    private static string Sql(string path, string query)
    {
        using var python = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("python3",
        [
            "-c", "import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):"
                + " print('|'.join(map(str, row)))", path, query,
        ])
        { RedirectStandardOutput = true })!;
        return python.StandardOutput.ReadToEnd().TrimEnd('\n');
    }

    private static string Gate(TestMachine machine) => Path.Combine(machine.Daemon.Folder, "gate");

    private static string WaitFor(string path) => $"while [ ! -e {path} ]; do sleep 0.05; done";
}
