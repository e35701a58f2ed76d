using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Jobs.Tests.Harness;
using Xunit;
using static Daemonproxy.Jobs.Tests.Harness.JobsExtensions;

namespace Daemonproxy.Jobs.Tests.Running;

/// <summary>
/// The application is killed at each point, and the daemon crashes, is replaced, or is gone: nothing is lost, and
/// nothing is started twice.
/// </summary>
public sealed class CrashTests
{
    public static TheoryData<string, int> Points
    {
        get
        {
            // The first records are: accepted with the intent, running, over.
            var points = new TheoryData<string, int>();
            foreach (string point in (string[])["before-launch", "after-launch", "before-delete", "after-delete"])
            {
                points.Add(point, 0);
            }

            for (int count = 0; count < 3; count++)
            {
                points.Add("before-record", count);
                points.Add("after-record", count);
            }

            return points;
        }
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task AnApplicationThatIsKilledLosesAndRepeatsNothing(string point, int count)
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        string runs = Path.Combine(stage.Daemon.Folder, "runs");
        List<string> said = await KilledAsync(stage, point, count, $"echo ran >>{runs}; echo out; exit 5");

        IJobs jobs = await stage.OpenAsync();
        if (await jobs.FindAsync("it") is null)
        {
            // It was killed before the job was on disk: then nobody was told that it was accepted.
            Assert.Equal(("before-record", 0), (point, count));
            Assert.Empty(said);
            await Task.WhenAll(jobs.RunAsync(new JobRequest("true")), jobs.RunAsync(new JobRequest("true")));
            Assert.False(File.Exists(runs));
            return;
        }

        JobInfo ended = await jobs.EndAsync("it");
        Assert.Equal((JobStatus.Failed, 5), (ended.Status, ended.ExitCode));
        Assert.Equal("out\n", await jobs.TextAsync("it"));
        await jobs.RunAsync(new JobRequest("true"));
        Assert.Equal(["ran"], await File.ReadAllLinesAsync(runs));
        await NothingIsLeftAsync(stage);
    }

    [Fact]
    public async Task AJobThatEndsWhileTheApplicationIsAwayIsRecorded()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IDisposableJobs first = await stage.OpenAsync();
        string go = Path.Combine(stage.Daemon.Folder, "go");
        JobInfo job = await first.StartAsync(Sh($"mkfifo {go}; echo up; read x <{go}; exit 3"));
        JobInfo running = await first.UntilRunsAsync(job.Name);
        await using (Stream output = await first.OpenOutputAsync(job.Name, follow: true))
        {
            Assert.Equal(1, await output.ReadAsync(new byte[1], Patience.Token));
        }

        await first.DisposeAsync();
        await using DaemonConnection daemon = await stage.Daemon.ConnectAsync();
        DaemonState state = await daemon.FollowStateAsync();
        await File.WriteAllTextAsync(go, "\n");
        await state.WaitAsync($"t.{job.Name}", static one => one?.Phase == ServicePhase.Exited, Patience.Token);

        IJobs second = await stage.OpenAsync();
        JobInfo ended = await second.EndAsync(job.Name);
        Assert.Equal((JobStatus.Failed, 3, running.Pid), (ended.Status, ended.ExitCode, ended.Pid));
        Assert.Equal(running.Started, ended.Started);
    }

    [Fact]
    public async Task ACrashOfTheDaemonIsSurvived()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        string go = Path.Combine(stage.Daemon.Folder, "go");
        JobInfo job = await jobs.StartAsync(Sh($"mkfifo {go}; read x <{go}; echo done"));
        await jobs.UntilRunsAsync(job.Name);

        for (int crash = 0; crash < 3; crash++)
        {
            stage.Daemon.Signal("SEGV");
            Assert.Equal(JobStatus.Succeeded, (await jobs.RunAsync(Sh("echo between"))).Status);
        }

        await File.WriteAllTextAsync(go, "\n");
        Assert.Equal(JobStatus.Succeeded, (await jobs.EndAsync(job.Name)).Status);
        Assert.Equal("done\n", await jobs.TextAsync(job.Name));
    }

    [Fact]
    public async Task CrashesAmongManyStartsLoseAndRepeatNothing()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync(static options => options.MostInAQueue = 16);
        string runs = Path.Combine(stage.Daemon.Folder, "runs");
        Directory.CreateDirectory(runs);
        Task<JobInfo>[] ends =
        [
            .. Enumerable.Range(0, 60).Select(async number =>
            {
                JobInfo job = await jobs.StartAsync(Sh($"echo ran >>{runs}/{number}"));
                return await jobs.EndAsync(job.Name);
            }),
        ];
        for (int crash = 0; crash < 4; crash++)
        {
            await Task.WhenAny(ends.Skip(crash * 12).Take(12));
            stage.Daemon.Signal("SEGV");
        }

        JobInfo[] ended = await Task.WhenAll(ends);
        Assert.All(ended, static job => Assert.Equal(JobStatus.Succeeded, job.Status));
        Assert.All(Directory.GetFiles(runs), static file => Assert.Equal("ran\n", File.ReadAllText(file)));
        Assert.Equal(60, Directory.GetFiles(runs).Length);
    }

    [Fact]
    public async Task AnUpgradeOfTheDaemonLosesNothing()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        string go = Path.Combine(stage.Daemon.Folder, "go");
        JobInfo job = await jobs.StartAsync(Sh($"mkfifo {go}; read x <{go}"));
        await jobs.UntilRunsAsync(job.Name);
        await using (DaemonConnection daemon = await stage.Daemon.ConnectAsync())
        {
            await daemon.ReexecAsync(Binary.Path);
        }

        Assert.Equal(JobStatus.Succeeded, (await jobs.RunAsync(new JobRequest("true"))).Status);
        await File.WriteAllTextAsync(go, "\n");
        Assert.Equal(JobStatus.Succeeded, (await jobs.EndAsync(job.Name)).Status);
    }

    [Fact]
    public async Task ADaemonThatComesBackFromNothingLosesWhatRan()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync(static options => options.MostInAQueue = 1);
        JobInfo job = await jobs.StartAsync(new JobRequest("/bin/sh", "-c", "echo here; exec sleep 1000")
        {
            Retries = new JobRetries(3),
        });
        JobInfo running = await jobs.UntilRunsAsync(job.Name);
        JobInfo waiting = await jobs.StartAsync(Sh("echo waited"));
        await stage.Daemon.KillAsync();
        Task<JobInfo> asked = jobs.StartAsync(Sh("echo away"));
        JobInfo away = await asked;
        Assert.Equal(JobStatus.Queued, away.Status);
        await stage.Daemon.StartAgainAsync();

        JobInfo lost = await jobs.EndAsync(job.Name);
        Assert.Equal(
            (JobStatus.Lost, running.Pid, running.Started, 1), (lost.Status, lost.Pid, lost.Started, lost.Attempt));
        Assert.NotNull(lost.Reason);
        Assert.Equal("here\n", await jobs.TextAsync(job.Name));
        Assert.Equal(JobStatus.Succeeded, (await jobs.EndAsync(waiting.Name)).Status);
        Assert.Equal(JobStatus.Succeeded, (await jobs.EndAsync(away.Name)).Status);
    }

    [Fact]
    public async Task AnIntentForADaemonThatIsGoneIsLostAndNotRepeated()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        string runs = Path.Combine(stage.Daemon.Folder, "runs");
        await KilledAsync(stage, "after-launch", 0, $"echo ran >>{runs}");
        await stage.Daemon.KillAsync();
        await stage.Daemon.StartAgainAsync();
        IJobs jobs = await stage.OpenAsync();
        Assert.Equal(JobStatus.Lost, (await jobs.EndAsync("it")).Status);
        await jobs.RunAsync(new JobRequest("true"));
        string[] ran = File.Exists(runs) ? await File.ReadAllLinesAsync(runs) : [];
        Assert.True(ran.Length <= 1);
    }

    [Fact]
    public async Task AJobWhoseServiceIsDeletedIsLost()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IDisposableJobs first = await stage.OpenAsync();
        JobInfo job = await first.StartAsync(Sh("exec sleep 1000"));
        await first.UntilRunsAsync(job.Name);
        await first.DisposeAsync();
        await using (DaemonConnection daemon = await stage.Daemon.ConnectAsync())
        {
            DaemonState state = await daemon.FollowStateAsync();
            await daemon.ServiceStopAsync($"t.{job.Name}", 0);
            await state.WaitAsync($"t.{job.Name}", static one => one?.Phase == ServicePhase.Killed, Patience.Token);
            await daemon.ServiceDeleteAsync($"t.{job.Name}");
        }

        IJobs second = await stage.OpenAsync();
        Assert.Equal(JobStatus.Lost, (await second.EndAsync(job.Name)).Status);
    }

    [Fact]
    public async Task RecordsThatWereLostAreMadeAnewFromTheDaemon()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IDisposableJobs first = await stage.OpenAsync();
        JobInfo job = await first.StartAsync(
            new JobRequest("/bin/sleep", "1000") { Name = "kept", Queue = "q", KeepFor = TimeSpan.FromHours(5) });
        await first.UntilRunsAsync(job.Name);
        await first.DisposeAsync();
        Directory.Delete(stage.Directory, recursive: true);

        IJobs refused = await stage.OpenAsync();
        JobsException problem = await RefusalAsync(refused);
        Assert.Equal(JobsFault.ApplicationTaken, problem.Fault);
        await ((IDisposableJobs)refused).DisposeAsync();

        IJobs second = await stage.OpenAsync(static options => options.TakesOver = true);
        await second.RunAsync(new JobRequest("true"));
        JobInfo found = await second.UntilRunsAsync("kept");
        Assert.Equal((job.Id, "q", "/bin/sleep", job.Created), (found.Id, found.Queue, found.Program, found.Created));
        await second.StopAsync("kept");
        JobInfo ended = await second.EndAsync("kept");
        Assert.Equal(JobStatus.Stopped, ended.Status);
        Assert.Equal(ended.Ended + TimeSpan.FromHours(5), ended.KeptUntil);
    }

    // It is told once the daemon was asked.
    private static async Task<JobsException> RefusalAsync(IJobs jobs)
    {
        while (true)
        {
            try
            {
                await jobs.StartAsync(new JobRequest("true"), Patience.Token);
                await Task.Yield();
            }
            catch (JobsException problem)
            {
                return problem;
            }
        }
    }

    private static async Task<List<string>> KilledAsync(JobsStage stage, string point, int count, string line)
    {
        string self = Path.ChangeExtension(typeof(CrashTests).Assembly.Location, null);
        using Process application = Process.Start(new ProcessStartInfo(
            self, [stage.Daemon.Socket, stage.Directory, point, $"{count}", line])
        {
            RedirectStandardOutput = true,
        })!;
        List<string> said = [];
        while (await application.StandardOutput.ReadLineAsync(Patience.Token) is { } text)
        {
            said.Add(text);
        }

        await application.WaitForExitAsync(Patience.Token);
        Assert.Equal(128 + 9, application.ExitCode);
        return said;
    }

    private static async Task NothingIsLeftAsync(JobsStage stage)
    {
        await using DaemonConnection daemon = await stage.Daemon.ConnectAsync();
        DaemonState state = await daemon.FollowStateAsync();
        await state.WaitAsync(
            static now => now.Services.Count == 1 && now.Fds.Keys.All(
                static name => !name.Text!.StartsWith("t.", StringComparison.Ordinal)), Patience.Token);
    }
}
