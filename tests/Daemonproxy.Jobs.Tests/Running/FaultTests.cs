using System;
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

/// <summary>Full disks, wrong options, files that are not ours.</summary>
public sealed class FaultTests
{
    [RootFact]
    public async Task AFullDiskRefusesNewJobsAndLosesNoRunningOne()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        Directory.CreateDirectory(stage.Directory);
        Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", stage.Directory);
        try
        {
            await using IDisposableJobs jobs = await DaemonproxyJobs.StartAsync(stage.Options());
            string go = Path.Combine(stage.Daemon.Folder, "go");
            JobInfo job = await jobs.StartAsync(Sh($"mkfifo {go}; read x <{go}; exit 4"));
            await jobs.UntilRunsAsync(job.Name);
            JobInfo stopped = await jobs.StartAsync(Sh("exec sleep 1000"));
            stopped = await jobs.UntilRunsAsync(stopped.Name);
            string filler = Path.Combine(stage.Directory, "filler");
            Fill(filler);

            string large = new('x', 100_000);
            JobsException problem = await Assert.ThrowsAsync<JobsException>(
                () => jobs.StartAsync(new JobRequest("echo", large)));
            Assert.Equal(
                (JobsFault.DiskFull, "The disk of the records of jobs is full."), (problem.Fault, problem.Message));
            problem = await Assert.ThrowsAsync<JobsException>(() => jobs.StartAsync(
                new JobRequest("cat") { Input = new MemoryStream(new byte[100_000]) }));
            Assert.Equal(JobsFault.DiskFull, problem.Fault);
            Assert.Empty(Directory.GetFiles(Path.Combine(stage.Directory, "input")));

            await using (DaemonConnection daemon = await stage.Daemon.ConnectAsync())
            {
                DaemonState state = await daemon.FollowStateAsync();
                await jobs.StopAsync(stopped.Name);
                await state.WaitAsync(
                    $"t.{stopped.Name}", static one => one?.Phase is null or ServicePhase.Killed, Patience.Token);
            }

            await File.WriteAllTextAsync(go, "\n");
            Task<JobInfo> waiting = jobs.EndAsync(job.Name);
            File.Delete(filler);
            JobInfo ended = await waiting;
            Assert.Equal((JobStatus.Failed, 4), (ended.Status, ended.ExitCode));
            Assert.Equal(JobStatus.Stopped, (await jobs.EndAsync(stopped.Name)).Status);
            Assert.Equal(JobStatus.Succeeded, (await jobs.RunAsync(new JobRequest("true"))).Status);
        }
        finally
        {
            Run("umount", stage.Directory);
        }
    }

    [Fact]
    public async Task ADirectoryBelongsToOneProcess()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        await stage.OpenAsync();
        JobsException problem = await Assert.ThrowsAsync<JobsException>(
            () => stage.OpenAsync(static options => options.DirectoryWait = TimeSpan.Zero));
        Assert.Equal(
            (JobsFault.DirectoryInUse, $"Another process uses the directory {stage.Directory}."),
            (problem.Fault, problem.Message));
    }

    [Fact]
    public async Task ADirectoryIsWaitedFor()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IDisposableJobs first = await stage.OpenAsync();
        Task<IDisposableJobs> second = stage.OpenAsync();
        Assert.False(second.IsCompleted);
        await first.DisposeAsync();
        Assert.Equal(JobStatus.Succeeded, (await (await second).RunAsync(new JobRequest("true"))).Status);
    }

    [Fact]
    public async Task FilesBelongToTheUserAlone()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.RunAsync(new JobRequest("echo", "x"));
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner, File.GetUnixFileMode(job.OutputPath));
        foreach (string folder in (string[])["", "output", "input"])
        {
            Assert.Equal(
                owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(stage.Directory, folder)));
        }
    }

    [Fact]
    public async Task ALinkInThePlaceOfAnOutputIsNotFollowed()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.RunAsync(new JobRequest("echo", "x"));
        File.Delete(job.OutputPath);
        File.CreateSymbolicLink(job.OutputPath, "/etc/passwd");
        JobsException problem = await Assert.ThrowsAsync<JobsException>(() => jobs.OpenOutputAsync(job.Name));
        Assert.Equal(JobsFault.Storage, problem.Fault);
        File.Delete(job.OutputPath);
        problem = await Assert.ThrowsAsync<JobsException>(() => jobs.OpenOutputAsync(job.Name));
        Assert.Equal(JobsFault.OutputGone, problem.Fault);
    }

    [Fact]
    public async Task FilesThatNoRecordHasAreRemovedAtTheStart()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IDisposableJobs first = await stage.OpenAsync();
        JobInfo kept = await first.RunAsync(new JobRequest("echo", "x"));
        await first.DisposeAsync();
        string stray = Path.Combine(stage.Directory, "input", "0123456789abcdef");
        await File.WriteAllTextAsync(stray, "x");
        IJobs second = await stage.OpenAsync();
        Assert.False(File.Exists(stray));
        Assert.Equal("x\n", await second.TextAsync(kept.Name));
    }

    [Fact]
    public async Task OptionsThatAreWrongAreRefusedWithASentence()
    {
        (Action<JobsOptions> Change, string Text)[] wrong =
        [
            (static options => options.Prefix = "12345678901", "Prefix has up to 10 of A-Z a-z 0-9 . _ -."),
            (static options => options.Directory = "relative",
                "Directory is the absolute path of the directory of records and outputs."),
            (static options => options.Queues["x"] = 0,
                "Queues[x] is 1 to 60,000, and its name 1 to 40 of A-Z a-z 0-9 . _ -."),
        ];
        await using JobsStage stage = await JobsStage.StartAsync();
        foreach ((Action<JobsOptions> change, string text) in wrong)
        {
            JobsException problem = await Assert.ThrowsAsync<JobsException>(() => stage.OpenAsync(change));
            Assert.Equal((JobsFault.BadRequest, text), (problem.Fault, problem.Message));
        }
    }

    [Fact]
    public async Task AJobThatCannotBeMadeNowIsTriedAgain()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        await using DaemonConnection daemon = await stage.Daemon.ConnectAsync();
        string socket = Path.Combine(stage.Daemon.Folder, "small");
        await daemon.RunAsync(
            "socket.create", $"name=small,allow=jobs,prefix=t.,user={Environment.UserName},max=3", socket);
        IJobs jobs = await stage.OpenAsync(options => options.Socket = socket);
        JobInfo[] started = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => jobs.StartAsync(Sh("sleep 0.3"))));
        foreach (JobInfo job in started)
        {
            Assert.Equal(JobStatus.Succeeded, (await jobs.EndAsync(job.Name)).Status);
        }
    }

    [Fact]
    public async Task AnEndedApplicationSaysSo()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IDisposableJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.StartAsync(Sh("exec sleep 1000"));
        Task<JobInfo> waiting = jobs.EndAsync(job.Name);
        await jobs.DisposeAsync();
        Assert.Equal(JobsFault.NotRunning, (await Assert.ThrowsAsync<JobsException>(() => waiting)).Fault);
        Assert.Equal(
            JobsFault.NotRunning,
            (await Assert.ThrowsAsync<JobsException>(() => jobs.StartAsync(Sh("true")))).Fault);
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew);
        byte[] block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
