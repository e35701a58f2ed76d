using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Jobs.Tests.Harness;
using Xunit;
using static Daemonproxy.Jobs.Tests.Harness.JobsExtensions;

namespace Daemonproxy.Jobs.Tests.Running;

/// <summary>A job from its start to its end, with what it is given.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task AJobRunsAndItsEndIsKnown()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        DateTimeOffset before = DateTimeOffset.UtcNow;

        JobInfo started = await jobs.StartAsync(Sh("echo hello; echo error >&2; exit 7"));
        JobInfo ended = await jobs.EndAsync(started.Name);

        Assert.True(started.Status is JobStatus.Queued or JobStatus.Starting);
        Assert.Equal(JobStatus.Failed, ended.Status);
        Assert.Equal(7, ended.ExitCode);
        Assert.Null(ended.Signal);
        Assert.Equal(1, ended.Attempt);
        Assert.True(ended.Pid > 0);
        Assert.Equal("hello\nerror\n", await jobs.TextAsync(ended.Name));
        Assert.Equal(12, ended.OutputSize);
        Assert.Equal(12, new FileInfo(ended.OutputPath).Length);
        Assert.InRange(ended.Started!.Value, before.AddSeconds(-1), DateTimeOffset.UtcNow);
        Assert.InRange(ended.Ended!.Value, ended.Started.Value, DateTimeOffset.UtcNow);
        Assert.Equal(ended.Ended + TimeSpan.FromDays(7), ended.KeptUntil);
    }

    [Fact]
    public async Task AJobThatEndsWellHasSucceeded()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        Assert.Equal(JobStatus.Succeeded, (await jobs.RunAsync(new JobRequest("true"))).Status);
    }

    [Fact]
    public async Task AKilledJobHasItsSignal()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo ended = await jobs.RunAsync(Sh("kill -SEGV $$"));
        Assert.Equal((JobStatus.Failed, "SIGSEGV", null), (ended.Status, ended.Signal, ended.ExitCode));
    }

    [Fact]
    public async Task AProgramThatIsMissingIsNamedWithItsError()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo ended = await jobs.RunAsync(new JobRequest("/no/such/program"));
        Assert.Equal(JobStatus.Failed, ended.Status);
        Assert.Equal(new JobFailure("execute", "ENOENT", "/no/such/program"), ended.Failure);
        Assert.Null(ended.Started);
        Assert.Null(ended.ExitCode);
    }

    [Fact]
    public async Task ADirectoryThatIsMissingIsAFailedStep()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo ended = await jobs.RunAsync(new JobRequest("pwd") { Directory = "/no/where" });
        Assert.Equal(new JobFailure("dir", "ENOENT", "/no/where"), ended.Failure);
    }

    [Fact]
    public async Task ArgumentsHaveAnyByteButNul()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        string[] arguments = ["a\nb", "\t", "", "ünï", "\uDCFF\uDC80", "$(rm)", " ", "-x", ""];
        JobInfo ended = await jobs.RunAsync(new JobRequest("printf", ["%s\\0", .. arguments]));
        byte[] expected = [.. arguments.SelectMany(static text => (byte[])(text == "\uDCFF\uDC80"
            ? [0xFF, 0x80, 0]
            : [.. Encoding.UTF8.GetBytes(text), 0]))];
        Assert.Equal(expected, await jobs.BytesAsync(ended.Name));
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public async Task ArgumentsAreAsLongAsTheKernelTakes(int size)
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        string[] arguments =
            [.. Enumerable.Range(0, size / 1000).Select(static number => $"{number}\n".PadRight(999, 'x'))];
        JobInfo ended = await jobs.RunAsync(new JobRequest("/usr/bin/printf", ["%s\\0", .. arguments]));
        Assert.Equal(JobStatus.Succeeded, ended.Status);
        Assert.Equal(string.Concat(arguments.Select(static text => text + "\0")), await jobs.TextAsync(ended.Name));
    }

    [Fact]
    public async Task AnArgumentThatTheKernelDoesNotTakeIsRefused()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobsException problem = await Assert.ThrowsAsync<JobsException>(
            () => jobs.StartAsync(new JobRequest("echo", new string('x', 131_072))));
        Assert.Equal(JobsFault.TooLarge, problem.Fault);
        JobsException nul = await Assert.ThrowsAsync<JobsException>(
            () => jobs.StartAsync(new JobRequest("echo", "a\0b")));
        Assert.Equal(JobsFault.BadRequest, nul.Fault);
    }

    [Fact]
    public async Task StandardInputIsBytes()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        byte[] input = [.. Enumerable.Range(0, 300_000).Select(static number => (byte)(number * 7))];
        JobInfo ended = await jobs.RunAsync(new JobRequest("cat") { Input = new MemoryStream(input) });
        Assert.Equal(input, await jobs.BytesAsync(ended.Name));
        Assert.Empty(Directory.GetFiles(Path.Combine(stage.Directory, "input")));
    }

    [Fact]
    public async Task WithoutInputThereIsNothingToRead()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo ended = await jobs.RunAsync(new JobRequest("cat"));
        Assert.Equal((JobStatus.Succeeded, 0L), (ended.Status, ended.OutputSize));
    }

    [Fact]
    public async Task VariablesAreSetRemovedAndCleared()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo changed = await jobs.RunAsync(new JobRequest("/bin/sh", "-c", "printf '%s|' \"$A\" \"${HOME-none}\"")
        {
            Environment = new Dictionary<string, string?> { ["A"] = "two\nlines\tand =", ["HOME"] = null },
        });
        Assert.Equal("two\nlines\tand =|none|", await jobs.TextAsync(changed.Name));
        JobInfo cleared = await jobs.RunAsync(new JobRequest("/usr/bin/env")
        {
            Environment = new Dictionary<string, string?> { ["ONLY"] = "this" },
            ClearsEnvironment = true,
        });
        Assert.Equal("ONLY=this\n", await jobs.TextAsync(cleared.Name));
    }

    [Fact]
    public async Task DirectoryLimitsAndTagsReachTheService()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobInfo job = await jobs.StartAsync(new JobRequest("/bin/sh", "-c", "pwd; ulimit -n; read x </dev/zero")
        {
            Name = "there",
            Directory = "/usr",
            Limits = ["nofile=77"],
            Tags = new Dictionary<string, string> { ["user"] = "4711", ["kind"] = "a b" },
        });
        await using (Stream output = await jobs.OpenOutputAsync(job.Name, follow: true))
        {
            await output.ReadExactlyAsync(new byte["/usr\n77\n".Length], Patience.Token);
        }

        await using var daemon = await stage.Daemon.ConnectAsync();
        var state = await daemon.FollowStateAsync();
        var service = state.Current.Services["t.there"];
        Assert.Contains("user=4711", service.Tags);
        Assert.Contains("kind=a b", service.Tags);
        await jobs.StopAsync(job.Name, TimeSpan.Zero);
        await jobs.EndAsync(job.Name);
        Assert.Equal("/usr\n77\n", await jobs.TextAsync(job.Name));
    }

    [Fact]
    public async Task ANameIsTakenOnce()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        await jobs.RunAsync(new JobRequest("true") { Name = "once" });
        JobsException problem = await Assert.ThrowsAsync<JobsException>(
            () => jobs.StartAsync(new JobRequest("true") { Name = "once" }));
        Assert.Equal((JobsFault.NameTaken, "There is a job 'once' already."), (problem.Fault, problem.Message));
        await jobs.ForgetAsync("once");
        Assert.Null(await jobs.FindAsync("once"));
        await jobs.RunAsync(new JobRequest("true") { Name = "once" });
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("123456789012345678901")]
    [InlineData("tests")]
    public async Task ANameThatIsNoneIsRefused(string name)
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        JobsException problem = await Assert.ThrowsAsync<JobsException>(
            () => jobs.StartAsync(new JobRequest("true") { Name = name }));
        Assert.Equal(JobsFault.BadRequest, problem.Fault);
    }

    [Fact]
    public async Task TheLongestNameAndPrefixWork()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync(static options => options.Prefix = "0123456789");
        JobInfo ended = await jobs.RunAsync(new JobRequest("cat", "-", "/dev/null", "a\nb")
        {
            Name = "01234567890123456789",
            Input = new MemoryStream("in\n"u8.ToArray()),
            Environment = new Dictionary<string, string?> { ["A"] = "b" },
        });
        Assert.Equal(1, ended.ExitCode);
        Assert.StartsWith("in\n", await jobs.TextAsync(ended.Name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheDaemonKeepsNothingOfAJobThatIsOver()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        IJobs jobs = await stage.OpenAsync();
        await using var daemon = await stage.Daemon.ConnectAsync();
        var state = await daemon.FollowStateAsync();
        await jobs.RunAsync(new JobRequest("cat", "a\nb")
        {
            Input = new MemoryStream([1]),
            Environment = new Dictionary<string, string?> { ["A"] = "b" },
        });
        await state.WaitAsync(
            static now => now.Services.Count == 1 && now.Fds.Keys.All(
                static name => !name.Text!.StartsWith("t.", StringComparison.Ordinal)), Patience.Token);
        Assert.Equal("t.tests", state.Current.Services.Keys.Single().Text);
    }
}
