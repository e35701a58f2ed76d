using System;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Examples;

/// <summary>The output of <c>make run</c>.</summary>
public class HelloTests
{

    [Fact]
    public void TheTalkerTalksAndControlCEndsItAllInOrder()
    {
        using Scratch scratch = new();
        Launch launch = new(Binary.Path, "-qq", "-c", "hello.conf")
        {
            Directory = ExampleFolder.Copy("hello", scratch["."]),
            HasOwnSession = true,
        };
        using Daemon daemon = Daemon.Start(launch);
        AwaitEnding(daemon.Log, " is here and starts the talker; ^C ends it all");
        daemon.Log.Await(line => line.StartsWith("-- talker runs as process ", StringComparison.Ordinal), "it runs");
        AwaitEnding(daemon.Output, ": once");
        AwaitEnding(daemon.Output, ": upon");
        daemon.Signal(SIGINT);
        AwaitEnding(daemon.Log, "got SIGINT; good bye");
        AwaitEnding(daemon.Log, "the logger has written everything");
        Assert.Equal(new ExitStatus(0), daemon.AwaitExit());
    }

    private static void AwaitEnding(LineStream stream, string end) =>
        stream.Await(line => line.EndsWith(end, StringComparison.Ordinal), end);
}
