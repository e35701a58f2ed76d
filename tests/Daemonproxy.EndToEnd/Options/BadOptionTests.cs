using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Options;

/// <summary>Messages about a bad command line, and the exit code.</summary>
public class BadOptionTests
{
    [Theory]
    [InlineData("require -i or -c or -S")]
    [InlineData("require -i or -c or -S", "-")]
    [InlineData("require -i or -c or -S", "-vq")]
    [InlineData("Unknown option --nonsense  (see --help)", "--nonsense")]
    [InlineData("Unknown option --nonsense  (see --help)", "-i", "--nonsense")]
    [InlineData("Unknown option -x  (see --help)", "-x")]
    [InlineData("Unknown option -x  (see --help)", "-ix")]
    [InlineData("Missing argument for -c", "-c")]
    [InlineData("Missing argument for -c", "-ic")]
    [InlineData("Missing argument for --config", "-i", "--config")]
    [InlineData("Unexpected argument \"word\"", "word")]
    [InlineData("Unexpected argument \"word\"", "-i", "word")]
    [InlineData("Cannot stat configfile \"/no/such/file\"", "-c", "/no/such/file")]
    [InlineData("Cannot stat configfile \"/no/such/file\"", "--config=/no/such/file")]
    [InlineData("Cannot stat configfile \"/no/such/file\"", "-ic", "/no/such/file")]
    public void ABadOptionIsReportedAndExitsWithTwo(string message, params string[] options)
    {
        using Daemon daemon = Daemon.Start(options);
        Assert.Equal(2, daemon.AwaitExit().Code);
        Assert.Equal(["fatal: " + message], daemon.Log.AwaitEnd());
        Assert.Empty(daemon.AwaitOutputEnd());
    }

    [Fact]
    public void NothingIsLoggedWhenQuietEnough()
    {
        using Daemon daemon = Daemon.Start("-qqqqqqqq", "--nonsense");
        Assert.Equal(2, daemon.AwaitExit().Code);
        Assert.Empty(daemon.Log.AwaitEnd());
    }

    [Fact]
    public void AConfigThatMayNotBeReadExitsWithThree()
    {
        using Scratch scratch = new();
        string config = scratch.Write("config", "echo⇥hello\n");
        System.IO.File.SetUnixFileMode(config, System.IO.UnixFileMode.None);
        Launch launch = new(Binary.Path, "-c", config);
        bool isRoot = System.Environment.IsPrivilegedProcess;
        if (isRoot)
        {
            // Root may read everything, unless told otherwise.
            launch.Under("/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all");
        }

        using Daemon daemon = Daemon.Start(launch);
        Assert.Equal(3, daemon.AwaitExit().Code);
        Assert.Equal(
            [
                $"error: cannot open the config file {config}: Permission denied",
                "fatal: Unable to process config file",
            ],
            daemon.Log.AwaitEnd());
    }

    [Fact]
    public void AConfigThatIsADirectoryIsLoggedAndItGoesOn()
    {
        using Daemon daemon = Daemon.Interactive("-c", "/tmp");
        daemon.Log.Await(line => line.StartsWith("error: ", System.StringComparison.Ordinal), "an error");
        Assert.Empty(daemon.Ask("service.args⇥nobody")[1..]);
        Assert.False(daemon.HasEnded);
    }
}
