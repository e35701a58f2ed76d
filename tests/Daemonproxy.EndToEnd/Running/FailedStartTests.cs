using System;
using System.IO;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Running;

/// <summary>Starts that cannot be done in the child: a run that ends with exit code 3, a reason in the log.</summary>
public class FailedStartTests
{
    [Theory]
    [InlineData("/no/such/program", "No such file or directory")]
    [InlineData("no-such-program-in-path", "No such file or directory")]
    [InlineData("/etc/passwd", "Permission denied")]
    [InlineData("/tmp", "Permission denied")]
    [InlineData("/etc/passwd/x", "Not a directory")]
    public void AProgramThatCannotBeExecutedIsReported(string program, string reason)
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send($"service.args⇥a⇥{program}", "service.start⇥a");
        AwaitFailedRun(daemon);
        daemon.Log.Await(
            line => line.StartsWith("error: ", StringComparison.Ordinal)
                && line.Contains("'a'", StringComparison.Ordinal)
                && line.EndsWith(reason, StringComparison.Ordinal),
            reason);
    }

    [Theory]
    [InlineData("null⇥nothing⇥null")]
    [InlineData("null⇥null⇥null⇥-⇥nothing")]
    public void ADescriptorThatIsNotThereIsReported(string descriptors)
    {
        using Daemon daemon = Daemon.Interactive();
        Assert.Equal(
            ["warning⇥fd \"nothing\" is not yet defined", $"service.fds⇥a⇥{descriptors}"],
            daemon.Ask($"service.fds⇥a⇥{descriptors}"));
        daemon.Send("service.args⇥a⇥/bin/true", "service.start⇥a");
        AwaitFailedRun(daemon);
        daemon.Log.Await(line => line.StartsWith("error: ", StringComparison.Ordinal), "an error");
    }

    [Fact]
    public void TheSearchGoesOnAfterARefusedCandidate()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory(scratch["first"]);
        Directory.CreateDirectory(scratch["second"]);
        scratch.Write("first/found-in-path", "not executable");
        scratch.Script("second/found-in-path", "exit 42");
        scratch.Write("first/refused-in-path", "not executable");
        Launch launch = new(Binary.Path, "-i");
        launch.Variables = [launch.Mark, $"PATH={scratch["first"]}:{scratch["second"]}"];
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send("service.args⇥a⇥found-in-path", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥42⇥*⇥*");
        daemon.Send("service.args⇥a⇥refused-in-path", "service.start⇥a");
        AwaitFailedRun(daemon);
        daemon.Log.Await(line => line.EndsWith("Permission denied", StringComparison.Ordinal), "the refusal");
    }

    [Fact]
    public void WithoutPathTheUsualDirectoriesAreSearched()
    {
        Launch launch = new(Binary.Path, "-i");
        launch.Variables = [launch.Mark];
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send("service.args⇥a⇥sh⇥-c⇥exit 9", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥9⇥*⇥*");
    }

    [Fact]
    public void AFileWithoutAFormatIsRunByTheShell()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string plain = scratch.Program("plain", "test \"$1-$2\" = 'one-two words' && exit 11\nexit 12\n");
        daemon.Send($"service.args⇥a⇥{plain}⇥one⇥two words", "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥11⇥*⇥*");
    }

    [Theory]
    [InlineData("#!/bin/sh\r\nexit 0\n", "/bin/sh\r", "/bin/sh\\r")]
    [InlineData("#! \t/no/such/interpreter -x\nexit 0\n", "/no/such/interpreter", "/no/such/interpreter")]
    public void AMissingInterpreterIsNamed(string text, string subject, string logged)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Send($"service.args⇥a⇥{scratch.Program("script", text)}", "service.start⇥a");
        daemon.Await($"service.failed⇥a⇥*⇥execute⇥ENOENT⇥{subject}");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥3⇥*⇥0");
        daemon.Log.Await(
            line => line.EndsWith($"execute '{logged}': No such file or directory", StringComparison.Ordinal),
            "the interpreter");
    }

    [Fact]
    public void AMissingLoaderOfAProgramIsNamed()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        byte[] program = File.ReadAllBytes("/bin/true");
        int at = program.AsSpan().IndexOf("/ld-linux"u8);
        program[at + 1] = (byte)'X';
        string path = scratch.Program("true", string.Empty);
        File.WriteAllBytes(path, program);
        daemon.Send($"service.args⇥a⇥{path}", "service.start⇥a");
        string loader = daemon.AwaitField("service.failed⇥a⇥*⇥execute⇥ENOENT⇥*", 5);
        Assert.Contains("/Xd-linux", loader, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u007fELF and not what follows")]
    [InlineData("echo\0nothing")]
    public void AFileThatIsNoTextIsNotRunByTheShell(string text)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string path = scratch.Program("data", text);
        daemon.Send($"service.args⇥a⇥{path}", "service.start⇥a");
        daemon.Await($"service.failed⇥a⇥*⇥execute⇥ENOEXEC⇥{path[..Math.Min(path.Length, 63)]}");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥3⇥*⇥0");
    }

    [Fact]
    public void AFailingServiceIsRetriedAndTheNextOneIsNotHarmed()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/no/such/program", "service.auto_up⇥a⇥1⇥always");
        AwaitFailedRun(daemon);
        AwaitFailedRun(daemon);
        daemon.Send("service.args⇥a⇥/bin/true");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        Assert.True(daemon.Counters()["spawns.failed"] >= 2);
    }

    private static void AwaitFailedRun(Daemon daemon)
    {
        daemon.Await("service.state⇥a⇥start⇥*⇥-⇥-⇥-⇥-⇥-");
        daemon.Await("service.state⇥a⇥up⇥*⇥*⇥-⇥-⇥0⇥-");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥3⇥*⇥0");
    }
}
