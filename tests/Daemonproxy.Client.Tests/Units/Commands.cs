using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipes;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Units;

/// <summary>The answers of each command, and its end.</summary>
public sealed class Commands : IAsyncDisposable
{
    private readonly Peer _peer = new();

    private DaemonConnection Daemon => _peer.Connection;

    [Fact]
    public async Task ACommandIsDoneWhenItsMarkerComesBack()
    {
        IAsyncEnumerable<DaemonEvent> events = Daemon.ReadEventsAsync(Patience.Token);
        Task<CommandResult> done = Daemon.ServiceTagsAsync("a", "b");
        await _peer.TakeCommandAsync();
        _peer.Tell("service.tags⇥a⇥b");
        await ReadAsync(events, 1);
        Assert.False(done.IsCompleted);
        _peer.Finish();
        CommandResult result = await done.Within();
        Assert.Equal([new ServiceTagsEvent("a", ["b"])], result.Answers);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task ErrorsAndWarningsBelongToTheCommandThatIsRun()
    {
        IAsyncEnumerable<DaemonEvent> events = Daemon.ReadEventsAsync(Patience.Token);
        Task<CommandResult> first = Daemon.ServiceFdsAsync("a", "b");
        Task<CommandResult> second = Daemon.ServiceStartAsync("a");
        Task<CommandResult> third = Daemon.ServiceDeleteAsync("a");
        await _peer.TakeCommandAsync();
        _peer.Tell("warning⇥fd \"b\" is not yet defined", "service.fds⇥a⇥b");
        _peer.Finish();
        await _peer.TakeCommandAsync();
        _peer.Tell("error⇥no args configured for service, for command \"service.start⇥a\"");
        _peer.Finish();
        await _peer.TakeCommandAsync();
        _peer.Finish();
        Assert.Equal(["fd \"b\" is not yet defined"], (await first.Within()).Warnings);
        var failed = await Assert.ThrowsAsync<CommandFailedException>(() => second.Within());
        Assert.Equal(ErrorKind.NoArgs, failed.Kind);
        Assert.Equal("service.start", failed.Command);
        Assert.Equal("no args configured for service", failed.Text);
        await third.Within();
        Assert.Equal([new ServiceFdsEvent("a", ["b"])], await ReadAsync(events, 1));
    }

    [Fact]
    public async Task LinesThatAnswerNoCommandAreInTheStream()
    {
        IAsyncEnumerable<DaemonEvent> events = Daemon.ReadEventsAsync(Patience.Token);
        _peer.Tell("info⇥hello", "warning⇥look here", "error⇥oh", "what⇥is this");
        Assert.Equal(
            [
                new InfoEvent("hello"), new WarningEvent("look here"), new ErrorEvent("oh"),
                new UnknownEvent("what\tis this"),
            ],
            await ReadAsync(events, 4));
    }

    [Fact]
    public async Task TheLinesThatEchoSendsBackAreItsAnswer()
    {
        Task<CommandResult> done = Daemon.EchoAsync("service.state", "x");
        await _peer.TakeCommandAsync();
        _peer.Tell("service.state⇥x");
        _peer.Finish();
        Assert.Equal([new UnknownEvent("service.state\tx")], (await done.Within()).Answers);
    }

    [Fact]
    public async Task ACommandWhoseMarkerIsLostIsNotKnownToBeDone()
    {
        Task<CommandResult> lost = Daemon.ChdirAsync("/a");
        await _peer.TakeCommandAsync();
        Task<CommandResult> doubtful = Daemon.ChdirAsync("/b");
        await _peer.TakeCommandAsync();
        _peer.Tell("overflow");

        // Its error may have been discarded just before.
        _peer.Finish();
        await Assert.ThrowsAsync<AnswerLostException>(() => lost.Within());
        await Assert.ThrowsAsync<AnswerLostException>(() => doubtful.Within());
    }

    [Fact]
    public async Task AfterTheFirstMarkerBehindAnOverflowAnswersAreCompleteAgain()
    {
        Task<CommandResult> doubtful = Daemon.ChdirAsync("/a");
        Task<CommandResult> failed = Daemon.ChdirAsync("/b");
        Task<CommandResult> done = Daemon.ChdirAsync("/c");
        await _peer.TakeCommandAsync();
        _peer.Tell("overflow");
        _peer.Finish();
        await _peer.TakeCommandAsync();
        _peer.Tell("error⇥chdir failed: No such file or directory, for command \"chdir⇥/b\"");
        _peer.Finish();
        await _peer.TakeCommandAsync();
        _peer.Finish();
        await Assert.ThrowsAsync<AnswerLostException>(() => doubtful.Within());
        await Assert.ThrowsAsync<CommandFailedException>(() => failed.Within());
        await done.Within();
    }

    [Fact]
    public async Task AnErrorThatWasHeardIsNotLost()
    {
        Task<CommandResult> failed = Daemon.ChdirAsync("/a");
        await _peer.TakeCommandAsync();
        _peer.Tell("error⇥internal error, for command \"chdir⇥/a\"", "overflow");
        _peer.Finish();
        var error = await Assert.ThrowsAsync<CommandFailedException>(() => failed.Within());
        Assert.Equal(ErrorKind.Internal, error.Kind);
    }

    [Fact]
    public async Task AfterAnOverflowNoCommandWaitsForEver()
    {
        Task<CommandResult> lost = Daemon.ChdirAsync("/a");
        await _peer.TakeCommandAsync();
        _peer.Tell("overflow");

        // It asks by itself.
        string marker = await _peer.TakeLineAsync();
        _peer.Tell(marker["echo⇥".Length..]);
        Assert.Equal("chdir", (await Assert.ThrowsAsync<AnswerLostException>(() => lost.Within())).Command);
    }

    [Fact]
    public async Task TheEndOfTheConnectionReachesAll()
    {
        Task<CommandResult> pending = Daemon.ChdirAsync("/a");
        await _peer.TakeCommandAsync();
        _peer.End();
        Assert.Equal(ConnectionEndKind.ByDaemon, (await Daemon.Closed.Within()).Kind);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => pending.Within());
        await Assert.ThrowsAsync<ConnectionClosedException>(() => Daemon.ChdirAsync("/b").Within());
        await foreach (DaemonEvent told in Daemon.ReadEventsAsync(Patience.Token))
        {
            Assert.Fail($"{told}");
        }
    }

    [Fact]
    public async Task AnEndThatWasAskedForIsNoFailure()
    {
        Task<CommandResult> end = Daemon.ExitAsync();
        Task<CommandResult> never = Daemon.ChdirAsync("/a");
        await _peer.TakeCommandAsync();
        _peer.End();
        await end.Within();
        await Assert.ThrowsAsync<ConnectionClosedException>(() => never.Within());
    }

    [Fact]
    public async Task AnswersFromBeforeTheDaemonStoppedReadingArrive()
    {
        Task<CommandResult> done = Daemon.ChdirAsync("/a");
        await _peer.TakeCommandAsync();
        _peer.StopReading();
        Task<CommandResult> refused = Daemon.ChdirAsync("/b");
        while (!Daemon.ChdirAsync("/c").IsFaulted)
        {
            await Task.Yield();
        }

        _peer.Finish();
        await done.Within();
        _peer.End();
        await Assert.ThrowsAsync<ConnectionClosedException>(() => refused.Within());
    }

    [Fact]
    public async Task AStreamThatCannotBeReadOrWrittenEndsTheConnection()
    {
        using var nothing = new MemoryStream(0);
        using var closed = new MemoryStream();
        closed.Close();
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        await using var unread = DaemonConnection.Over(closed, nothing);
        await unread.Closed.Within();
        await using var unwritten = DaemonConnection.Over(pipe, new MemoryStream([], writable: false));
        await Assert.ThrowsAsync<ConnectionClosedException>(() => unwritten.ExitAsync().Within());
    }

    [Fact]
    public async Task NobodyFollowsTheStateAfterTheEnd()
    {
        _peer.End();
        await Daemon.Closed.Within();
        await Assert.ThrowsAsync<ConnectionClosedException>(() => Daemon.FollowStateAsync().Within());
    }

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private static async Task<List<DaemonEvent>> ReadAsync(IAsyncEnumerable<DaemonEvent> stream, int count)
    {
        List<DaemonEvent> events = [];
        await foreach (DaemonEvent told in stream)
        {
            events.Add(told);
            if (events.Count == count)
            {
                break;
            }
        }

        return events;
    }
}
