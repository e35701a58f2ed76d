using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Options;

/// <summary>The ends of the daemon, with exit code and message.</summary>
public class EndTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("255", 255)]
    [InlineData("256", 0)]
    [InlineData("300", 44)]
    [InlineData("-1", 255)]
    public void TerminateEndsItWithTheCodeModulo256(string code, int status)
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("echo⇥before", $"terminate⇥{code}", "echo⇥after");
        Assert.Equal(status, daemon.AwaitExit().Status >> 8);
        Assert.Equal(["before"], daemon.AwaitOutputEnd());
        Assert.Equal("info: daemonproxy exiting", daemon.Log.AwaitEnd().Single());
    }

    [Fact]
    public void TerminateWithoutACodeIsAnError()
    {
        using Daemon daemon = Daemon.Interactive();
        Assert.Equal(["error⇥Expected integer, for command \"terminate\""], daemon.Ask("terminate"));
    }

    [Fact]
    public void TheEndOfTheInputEndsItAfterTheLastAnswer()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send(string.Concat(Enumerable.Range(0, 1000).Select(n => $"echo⇥{n}\n"))[..^1]);
        daemon.EndInput();
        Assert.Equal(0, daemon.AwaitExit().Status);
        Assert.Equal(Enumerable.Range(0, 1000).Select(n => $"{n}"), daemon.AwaitOutputEnd());
        Assert.Equal(["info: interactive session ended", "info: daemonproxy exiting"], daemon.Log.AwaitEnd());
    }

    [Fact]
    public void ASessionWhoseReaderIsGoneEndsWhenWhatItHasSentHasRun()
    {
        using Scratch scratch = new();
        Launch launch = new(Binary.Path, "-i");
        (Fd reader, Fd writer) = Fd.Pipe();
        launch.Descriptors[1] = writer;
        using Daemon daemon = Daemon.Start(launch);
        writer.Dispose();
        daemon.Send([
            $"fd.open⇥first⇥write,create⇥{scratch["first"]}",
            .. Enumerable.Range(0, 2000).Select(n => $"service.tags⇥t{n}"),
            $"fd.open⇥last⇥write,create⇥{scratch["last"]}",
        ]);
        reader.Dispose();
        Assert.Equal(0, daemon.AwaitExit().Status);
        Assert.True(File.Exists(scratch["last"]), "the last command ran");
        Assert.Equal(["info: interactive session ended", "info: daemonproxy exiting"], daemon.Log.AwaitEnd());
    }

    [Fact]
    public void ExitEndsTheSessionAndSoTheDaemon()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("echo⇥before", "exit", "echo⇥after");
        Assert.Equal(0, daemon.AwaitExit().Status);
        Assert.Equal(["before"], daemon.AwaitOutputEnd());
    }

    [Fact]
    public void ServicesStillRunningAreNamedAndLeftAlone()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = daemon.AwaitUp("a");
        daemon.Send("terminate⇥0");
        Assert.Equal(0, daemon.AwaitExit().Status);
        Assert.Equal(
            ["info: daemonproxy exiting", $"warning: service 'a' running as pid {service}"], daemon.Log.AwaitEnd());
        Assert.True(Proc.IsAlive(service));
    }
}
