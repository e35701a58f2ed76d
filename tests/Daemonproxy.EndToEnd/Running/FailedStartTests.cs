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
    public void AProgramThatCannotBeExecutedIsTold(string program, string reason)
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
    public void ADescriptorThatIsNotThereIsTold(string descriptors)
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
