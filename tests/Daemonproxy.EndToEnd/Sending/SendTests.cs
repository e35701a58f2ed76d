using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Sending;

/// <summary>--send, the client in the same binary, against the daemon.</summary>
public class SendTests
{
    [Theory]
    [InlineData("echo⇥one\necho⇥two\n", "one", "two")]
    [InlineData("echo⇥without a line feed", "without a line feed")]
    [InlineData("")]
    [InlineData("\n# a comment\n")]
    public void EveryAnswerIsPrinted(string input, params string[] told)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        using Daemon client = Client(scratch["socket"], input);
        Assert.Equal(0, client.AwaitExit().Code);
        Assert.Equal(told, client.AwaitOutputEnd());
        Assert.Empty(client.Log.AwaitEnd());
    }

    [Fact]
    public void AnErrorIsExitCode1AndTheOtherLinesRun()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        using Daemon client = Client(scratch["socket"], "bogus\necho⇥after\n");
        Assert.Equal(1, client.AwaitExit().Code);
        Assert.Equal(["error⇥Unknown command: bogus", "after"], client.AwaitOutputEnd().Select(Text.Shown));
        using Daemon long_ = Client(scratch["socket"], $"echo⇥{new string('x', 50_000)}\necho⇥after\n");
        Assert.Equal(1, long_.AwaitExit().Code);
        Assert.Equal(["error⇥line too long", "after"], long_.AwaitOutputEnd().Select(Text.Shown));
        using Daemon carriage = Client(scratch["socket"], "statedump\r\n");
        Assert.Equal(1, carriage.AwaitExit().Code);
    }

    [Theory]
    [InlineData("echo⇥before\nexit\necho⇥after\n", 0)]
    [InlineData("echo⇥before\nterminate⇥0\n", 0)]
    [InlineData("echo⇥before\nreexec⇥-\n", 0)]
    [InlineData("echo⇥before\nbogus\nexit", 1)]
    public void TheEndOfTheConnectionMayHaveBeenAskedFor(string input, int code)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        using Daemon client = Client(scratch["socket"], input);
        Assert.Equal(code, client.AwaitExit().Code);
        Assert.Equal("before", client.AwaitOutputEnd()[0]);
        Assert.Empty(client.Log.AwaitEnd());
    }

    [Fact]
    public void TheSocketIsFoundByTheEnvironment()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["daemonproxy.sock"]);
        string path = scratch["daemonproxy.sock"];
        string[] variables = [$"DAEMONPROXY_SOCKET={path}", $"XDG_RUNTIME_DIR={Path.GetDirectoryName(path)}"];
        foreach (string variable in variables)
        {
            Launch launch = new(Binary.Path, "--send");
            launch.Variables.Add(variable);
            using Daemon client = Daemon.Start(launch);
            client.Send("echo⇥found");
            client.EndInput();
            Assert.Equal(0, client.AwaitExit().Code);
            Assert.Equal(["found"], client.AwaitOutputEnd());
        }
    }

    [Fact]
    public void WhyThereIsNoConnectionIsSaidInOneSentence()
    {
        using Scratch scratch = new();
        string none = scratch["none"];
        AssertFails($"daemonproxy: cannot connect to '{none}': No such file or directory", "--send", none);
        string file = scratch.Write("file", string.Empty);
        AssertFails(
            $"daemonproxy: cannot connect to '{file}': Connection refused, nobody listens there", "--send", file);
        string far = "/" + new string('x', 200);
        AssertFails($"daemonproxy: cannot connect to '{far}': File name too long", "--send", far);
        AssertFails(
            "daemonproxy: no control socket: DAEMONPROXY_SOCKET is not set, there is no '/run/daemonproxy.sock', "
            + "and XDG_RUNTIME_DIR is not set",
            "--send");
        AssertFails("daemonproxy: --send does not go with --socket", "--send", "-S", none);
        AssertFails("fatal: --follow goes behind --send", "--follow", "--send");
        AssertFails("fatal: Unexpected argument \"b\"", "--send", "a", "b");
    }

    [Fact]
    public void ADaemonWithoutAFreeConnectionHasRunNothing()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"], "--controllers", "1");
        using Daemon client = Client(scratch["socket"], "service.tags⇥late⇥x\n");
        Assert.Equal(2, client.AwaitExit().Code);
        Assert.Equal(
            [
                $"daemonproxy: no answer from '{scratch["socket"]}' for 10 s: the daemon hangs, or all its connections "
                + "are taken; no line was run",
            ],
            client.Log.AwaitEnd());
        Assert.DoesNotContain(daemon.Dump(), line => line.Contains("late", StringComparison.Ordinal));
    }

    [Fact]
    public void EventsArePrintedAsTheyComeWhileInputIsOpen()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        using Daemon client = Daemon.Start("--send", scratch["socket"]);
        client.Send("echo⇥here");
        client.Await("here");
        daemon.Ask("service.tags⇥t⇥of another");
        client.Await("service.tags⇥t⇥of another");
        client.EndInput();
        Assert.Equal(0, client.AwaitExit().Code);
    }

    [Fact]
    public void FollowingItStaysUntilItIsEnded()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        using Daemon client = Daemon.Start("--send", "--follow", scratch["socket"]);
        client.Send("echo⇥here");
        client.EndInput();
        client.Await("here");
        daemon.Ask("service.tags⇥t⇥later");
        client.Await("service.tags⇥t⇥later");
        client.Signal(SIGINT);
        Assert.Equal(SIGINT, client.AwaitExit().Signal);
    }

    [Fact]
    public void ADaemonThatDiesIsALostConnection()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        using Daemon client = Daemon.Start("--send", "--follow", scratch["socket"]);
        client.Send("echo⇥here");
        client.Await("here");
        daemon.Signal(SIGKILL);
        Assert.Equal(2, client.AwaitExit().Code);
        Assert.Equal([$"daemonproxy: the connection to '{scratch["socket"]}' was lost"], client.Log.AwaitEnd());
    }

    [Fact]
    public void ACrashOfTheDaemonLosesNoAnswer()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"], "--debug-crash");
        using Daemon client = Client(scratch["socket"], "echo⇥a\ndebug.crash⇥throw\necho⇥b\n");
        Assert.Equal(1, client.AwaitExit().Code);
        string[] told = [.. client.AwaitOutputEnd().Select(Text.Shown)];
        Assert.Equal(["a", "error⇥internal error, for command \"debug.crash⇥throw\"", "overflow", "b"], told);
    }

    [Fact]
    public void AFloodOfLongLinesGoesThroughWhole()
    {
        const int Lines = 5_000;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        using Daemon client = Daemon.Start("--send", scratch["socket"]);
        string[] lines = [.. Enumerable.Range(0, Lines).Select(n => $"{n}{new string('x', 4_000)}")];
        System.Threading.Thread writer = new(() =>
        {
            client.Send([.. lines.Select(line => $"echo⇥{line}")]);
            client.EndInput();
        });
        writer.Start();
        Assert.Equal(lines, client.AwaitOutputEnd());
        writer.Join();
        Assert.Equal(0, client.AwaitExit().Code);
    }

    [Fact]
    public void AClosedOutputEndsIt()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        Launch closed = new Launch(Binary.Path, "--send", scratch["socket"]).After("exec >&-");
        using Daemon client = Daemon.Start(closed);
        Assert.Equal(2, client.AwaitExit().Code);
        Assert.Equal(["daemonproxy: standard output is closed"], client.Log.AwaitEnd());

        // A reader that has gone is noticed although nothing is to be printed.
        (Fd reader, Fd writer) = Fd.Pipe();
        Launch launch = new(Binary.Path, "--send", "--follow", scratch["socket"]);
        launch.Descriptors[1] = writer;
        using Daemon follower = Daemon.Start(launch);
        writer.Dispose();
        Patience.Until(() => daemon.Counters()["controllers.used"] == 2, "it is connected");
        reader.Dispose();
        ExitStatus status = follower.AwaitExit();
        Assert.True(status.Code == 2 || status.Signal == SIGPIPE, status.ToString());
    }

    /// <summary>A client that sends this and no more.</summary>
    internal static Daemon Client(string socket, string input)
    {
        Daemon client = Daemon.Start("--send", socket);
        client.SendRaw(Text.WithTabs(input));
        client.EndInput();
        return client;
    }

    private static void AssertFails(string sentence, params string[] words)
    {
        using Daemon client = Daemon.Start(words);
        Assert.Equal(2, client.AwaitExit().Code);
        Assert.Equal([sentence], client.Log.AwaitEnd());
        Assert.Empty(client.AwaitOutputEnd());
    }
}
