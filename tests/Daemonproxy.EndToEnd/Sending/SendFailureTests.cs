using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Sending;

/// <summary>
/// --send, where there is no connection or answers are lost: one sentence, exit code 2, and no wait for ever.
/// </summary>
public class SendFailureTests
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [RootFact]
    public void AUserWhoMayNotConnectIsReported()
    {
        using Scratch scratch = new();
        string program = scratch["client"];
        File.Copy(Binary.Static, program);
        File.SetUnixFileMode(program, ForAll);
        File.SetUnixFileMode(Path.GetDirectoryName(program)!, ForAll);
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        string[] nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
        using Daemon refused = Daemon.Start(new Launch(program, "--send", scratch["socket"]).Under(nobody));
        AssertFailed(refused, $"cannot connect to '{scratch["socket"]}': Permission denied");

        // The same where not even the folder may be looked into.
        Directory.CreateDirectory(scratch["closed"], UnixFileMode.UserExecute);
        using Daemon lost = Daemon.Start(new Launch(program, "--send", scratch["closed/socket"]).Under(nobody));
        AssertFailed(lost, $"cannot connect to '{scratch["closed/socket"]}': Permission denied");
    }

    /// <summary>listen(2) with 1: the kernel lets one more wait than asked for, unix(7).</summary>
    [Fact]
    public void AFullBacklogIsReportedAtOnceAndOneWithRoomAfterTenSeconds()
    {
        using Scratch scratch = new();
        string path = scratch["socket"];
        using Fd listener = UnixSocket.Bind(path, listens: true);
        using Fd first = UnixSocket.TryConnect(path, out _)!;
        using Daemon waiting = SendTests.Client(path, "echo⇥lost\n");
        Patience.Until(() => IsFull(path), "the client waits in the backlog");
        using Daemon refused = SendTests.Client(path, "echo⇥lost\n");
        AssertFailed(
            refused,
            $"cannot connect to '{path}': Resource temporarily unavailable, too many others wait for a connection");
        AssertFailed(waiting, NoAnswer(path));
    }

    [Fact]
    public void ADaemonThatIsStoppedRunsNoLineOfAClientThatGaveUp()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        daemon.Signal(SIGSTOP);
        using Daemon client = SendTests.Client(scratch["socket"], "service.tags⇥late⇥x\n");
        AssertFailed(client, NoAnswer(scratch["socket"]));
        daemon.Signal(SIGCONT);
        Assert.DoesNotContain(daemon.Dump(), line => line.StartsWith("service.tags", StringComparison.Ordinal));
    }

    [LongFact]
    public void ADaemonThatStopsAfterItsGreetingIsGivenUp()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        using Daemon client = Daemon.Start("--send", scratch["socket"]);
        client.Send("echo⇥here");
        client.Await("here");
        daemon.Signal(SIGSTOP);
        client.Send("echo⇥lost");
        client.EndInput();
        Patience.Until(() => client.HasEnded, "the client gives up", whole: TimeSpan.FromMinutes(2));
        AssertFailed(
            client, $"no answer from '{scratch["socket"]}' for 60 s: the daemon hangs; lines may have been run");
        daemon.Signal(SIGCONT);
    }

    /// <summary>A discarded answer may have been an error, even if the last line is answered.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnswersThatWereDiscardedAreExitCode2(bool isLastLineAnswered)
    {
        // More than the outbox, the socket and the pipe hold.
        const int Lines = 500;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        (Fd reader, Fd writer) = Fd.Pipe();
        Launch launch = new(Binary.Path, "--send", scratch["socket"]);
        launch.Descriptors[1] = writer;
        using Daemon client = Daemon.Start(launch);
        writer.Dispose();

        // It takes the last of them once the daemon has discarded what nobody reads.
        client.Send("conn.event_timeout⇥1⇥100");
        client.Send([.. Enumerable.Range(0, Lines).Select(n => $"echo⇥{n}{new string('x', 4_000)}")]);
        client.Send("service.tags⇥end⇥x");
        Patience.Until(() => daemon.Counters()["services.used"] == 1, "all lines have run");
        if (!isLastLineAnswered)
        {
            client.EndInput();
        }

        using LineStream output = new(reader, "the client's output");
        output.Await("overflow");
        if (isLastLineAnswered)
        {
            client.Send("echo⇥after");
            output.Await("after");
            client.EndInput();
        }

        _ = output.AwaitEnd();
        Assert.Equal(2, client.AwaitExit().Code);
        Assert.Equal(
            [
                $"daemonproxy: answers from '{scratch["socket"]}' were lost: standard output was not read for too long",
            ],
            client.Log.AwaitEnd());
    }

    [Theory]
    [InlineData("")]
    [InlineData("one\nhalf of a li")]
    public void AConnectionThatIsClosedMidwayIsLost(string told)
    {
        using Scratch scratch = new();
        string path = scratch["socket"];
        using Fd listener = UnixSocket.Bind(path, listens: true);
        using Daemon client = SendTests.Client(path, "echo⇥one\necho⇥half of a line\n");
        using (Fd served = UnixSocket.Accept(listener))
        {
            string greeting = Read(served);
            served.TryWrite(Text.Bytes(greeting["echo\t".Length..]));
            Assert.StartsWith("echo\tone\n", Read(served), StringComparison.Ordinal);
            served.TryWrite(Text.Bytes(told));
        }

        Assert.Equal(2, client.AwaitExit().Code);
        _ = client.AwaitOutputEnd();
        Assert.Equal(told, client.Heard);
        Assert.Equal([$"daemonproxy: the connection to '{path}' was lost"], client.Log.AwaitEnd());
    }

    private static string NoAnswer(string path) =>
        $"no answer from '{path}' for 10 s: the daemon hangs, or all its connections are taken; no line was run";

    // The listener, and the two that wait for it.
    private static bool IsFull(string path) =>
        File.ReadLines("/proc/net/unix").Count(line => line.EndsWith(path, StringComparison.Ordinal)) == 3;

    // Up to the end of a line.
    private static string Read(Fd socket)
    {
        List<byte> read = [];
        byte[] some = new byte[4096];
        int count = socket.Read(some);
        while (count > 0)
        {
            read.AddRange(some[..count]);
            count = read[^1] == '\n' ? 0 : socket.Read(some);
        }

        return Text.From([.. read]);
    }

    private static void AssertFailed(Daemon client, string sentence)
    {
        Assert.Equal(2, client.AwaitExit().Code);
        Assert.Equal([$"daemonproxy: {sentence}"], client.Log.AwaitEnd());
        Assert.DoesNotContain("lost", client.AwaitOutputEnd());
    }
}
