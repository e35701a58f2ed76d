using System;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Options;

/// <summary>The ways to start: a config file, standard input, an interactive session, two of them at once.</summary>
public class StartTests
{
    private const string Config = "# a comment\n\nservice.args⇥a⇥/bin/sleep⇥1000\nservice.start⇥a\n";

    [Fact]
    public void TheSessionIsGreeted()
    {
        using Daemon daemon = Daemon.Start("-i");
        string[] lines = daemon.Sync();
        Assert.StartsWith("info\tdaemonproxy version ", lines[0], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.StartsWith("info\t", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-ic")]
    [InlineData("-i", "-c")]
    [InlineData("-i", "--config")]
    public void AConfigFileIsRunBesideASession(params string[] options)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Start([.. options, scratch.Write("config", Config)]);
        Patience.Until(
            () => daemon.Dump().Any(line => Text.Matches(line, "service.state⇥a⇥up⇥**")),
            "the service of the config is up");
    }

    [Fact]
    public void AConfigFileAloneLeavesARunningDaemon()
    {
        using Scratch scratch = new();
        string mark = scratch["mark"];
        string config = $"service.args⇥a⇥/usr/bin/touch⇥{mark}\nservice.fds⇥a⇥null⇥null⇥stderr\nservice.start⇥a\n";
        using Daemon daemon = Daemon.Start("-c", scratch.Write("config", config));
        Patience.Until(() => System.IO.File.Exists(mark), "the service ran");
        daemon.EndInput();
        Patience.Until(() => Proc.Children(daemon.Pid).Length == 0, "the service was reaped");
        Assert.False(daemon.HasEnded);
        Assert.Empty(daemon.Log.All);
    }

    [Theory]
    [InlineData("-c", "-")]
    [InlineData("--config=-")]
    public void AConfigFromStandardInputIsRunToItsEnd(params string[] options)
    {
        using Scratch scratch = new();
        string first = scratch["first"];
        string second = scratch["second"];
        using Daemon daemon = Daemon.Start(options);
        daemon.Send($"service.args⇥a⇥/usr/bin/touch⇥{first}", "service.start⇥a");
        Patience.Until(() => System.IO.File.Exists(first), "the first service ran while the input was open");
        daemon.SendRaw(Text.WithTabs($"service.args⇥b⇥/usr/bin/touch⇥{second}\nservice.start⇥b"));
        daemon.EndInput();
        Patience.Until(() => System.IO.File.Exists(second), "the unfinished last line was run");
        daemon.Log.Await("warning: Command ends with EOF... processing anyway");
        Assert.False(daemon.HasEnded);
    }

    [Fact]
    public void AnUnfinishedLineOfASessionIsIgnored()
    {
        using Daemon daemon = Daemon.Interactive();
        daemon.SendRaw("terminate\t7");
        daemon.EndInput();
        Assert.Equal(0, daemon.AwaitExit().Code);
        daemon.Log.Await("warning: Command ends with EOF... ignored");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ASessionNeedsBothItsDescriptors(int closed)
    {
        Launch launch = new Launch(Binary.Path, "-i").After($"exec {closed}>&-");
        using Daemon daemon = Daemon.Start(launch);
        Assert.Equal(3, daemon.AwaitExit().Code);
        Assert.Equal(["fatal: stdin/stdout are not usable!"], daemon.Log.AwaitEnd());
    }

    [Fact]
    public void ClosedStandardDescriptorsHaveNoName()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i").After("exec 2>&-"));
        Assert.DoesNotContain(daemon.Dump(), line => line.StartsWith("fd.state⇥stderr⇥", StringComparison.Ordinal));
        daemon.Send("fd.open⇥stderr⇥write,create⇥" + scratch["log"], "no.such.command");
        daemon.Sync();
        Patience.Until(() => System.IO.File.ReadAllText(scratch["log"]).Contains("no.such.command"), "it is logged");
    }

    [Fact]
    public void VerboseAndQuietMoveTheLogLevel()
    {
        Assert.Equal("log.filter⇥debug", LevelAfter());
        Assert.Equal("log.filter⇥trace", LevelAfter("-v"));
        Assert.Equal("log.filter⇥none", LevelAfter("-vvvv"));
        Assert.Equal("log.filter⇥warning", LevelAfter("-q", "--quiet"));
        Assert.Equal("log.filter⇥fatal", LevelAfter("-qqqqqqq"));
        Assert.Equal("log.filter⇥debug", LevelAfter("--verbose", "-q"));
    }

    [Fact]
    public void VerboseShowsCommandsAndEvents()
    {
        using Daemon daemon = Daemon.Interactive("-v");
        daemon.Ask("service.tags⇥a⇥x");
        daemon.Log.Await("debug: controller[0] command: \"service.tags⇥a⇥x\"");
        daemon.Log.Await("debug: controller[0] event: \"service.tags⇥a⇥x\"");
    }

    private static string LevelAfter(params string[] options)
    {
        using Daemon daemon = Daemon.Interactive(options);
        return daemon.Ask("log.filter").Single();
    }
}
