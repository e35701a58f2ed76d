using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Daemon;

/// <summary>A client whose connection comes back.</summary>
public class Returning
{
    [Fact]
    public async Task AClientWaitsForADaemonAndFollowsTheNextOne()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonClient client = DaemonClient.Start(daemon.Socket);
        DaemonState state = await client.FollowStateAsync(Patience.Token);
        await client.ServiceTagsAsync("it", "first").Within();
        Assert.Equal(["first"], state.Current.Services["it"].Tags);
        IAsyncEnumerator<LinkStatus> statuses = client.ReadStatusesAsync(Patience.Token).GetAsyncEnumerator();
        await daemon.KillAsync();
        LinkStatus lost = await AwaitAsync(statuses, LinkState.Lost);
        Assert.Contains("closed the connection", lost.Reason, StringComparison.Ordinal);
        Assert.False(state.IsComplete);

        // What is whole is what it was before.
        Assert.Equal(["first"], state.Current.Services["it"].Tags);
        Task<CommandResult> waits = client.ServiceTagsAsync("it", "second");
        Assert.False(waits.IsCompleted);
        lost = await AwaitAsync(statuses, LinkState.Lost);
        Assert.Equal(ConnectFailure.NobodyListens, Assert.IsType<ConnectFailedException>(lost.Cause).Failure);
        await daemon.StartAgainAsync();
        await waits.Within();
        await AwaitAsync(statuses, LinkState.Gap);
        await AwaitAsync(statuses, LinkState.Connected);
        Assert.Equal(LinkState.Connected, client.Status.State);
        await state.WaitAsync("it", it => it?.Tags is ["second"], Patience.Token);
        await Following.AgreeAsync(daemon, client, state);
        await client.DisposeAsync();
        await AwaitAsync(statuses, LinkState.Ended);
        Assert.Throws<ObjectDisposedException>(() => { _ = client.EchoAsync("x"); });
        Assert.Throws<ObjectDisposedException>(() => { _ = client.ReadEventsAsync(); });
        await Assert.ThrowsAsync<ConnectionClosedException>(() => state.WaitAsync(_ => false).Within());
    }

    [Fact]
    public async Task ACommandThatMayHaveBeenRunFailsAndARepeatedOneIsRunAgain()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonClient client = DaemonClient.Start(daemon.Socket);
        await client.WaitForConnectionAsync(Patience.Token);
        daemon.Signal("STOP");
        Task<CommandResult> plain = client.ServiceTagsAsync("it", "plain");
        Task<CommandResult> repeated = client.Repeating.ServiceTagsAsync("it", "repeated");
        await daemon.KillAsync();
        var failed = await Assert.ThrowsAsync<ConnectionClosedException>(() => plain.Within());
        Assert.True(failed.MayHaveRun);
        Assert.False(repeated.IsCompleted);
        await daemon.StartAgainAsync();
        Assert.Equal([new ServiceTagsEvent("it", ["repeated"])], (await repeated.Within()).Answers);
    }

    [Fact]
    public async Task NoStateCountsAsWholeOnceACommandHasFailedWithTheConnection()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonClient client = DaemonClient.Start(daemon.Socket);
        DaemonState state = await client.FollowStateAsync(Patience.Token);
        daemon.Signal("STOP");
        Task<StateSnapshot?> atTheEnd = client.ServiceTagsAsync("it", "x").ContinueWith(
            failed => failed.IsFaulted ? state.Whole : state.Current, TaskContinuationOptions.ExecuteSynchronously);
        await daemon.KillAsync();
        Assert.Null(await atTheEnd.Within());
    }

    [Fact]
    public async Task AReaderLearnsWhereEventsAreMissing()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonClient client = DaemonClient.Start(daemon.Socket);
        await client.WaitForConnectionAsync(Patience.Token);
        await using IAsyncEnumerator<DaemonEvent> events = client.ReadEventsAsync(Patience.Token).GetAsyncEnumerator();
        await client.ServiceTagsAsync("it", "before").Within();
        await daemon.KillAsync();
        await daemon.StartAgainAsync();
        await client.ServiceTagsAsync("it", "after").Within();
        List<DaemonEvent> told = [];
        while (told is not [.., ServiceTagsEvent { Tags: ["after"] }])
        {
            Assert.True(await events.MoveNextAsync());
            told.Add(events.Current);
        }

        Assert.Equal(new ServiceTagsEvent("it", ["before"]), told[0]);
        Assert.Equal(new OverflowEvent(), told[1]);
    }

    [Fact]
    public async Task AnUpgradeIsNoGapAndACrashIsHealed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("--debug-crash");
        await using DaemonClient client = DaemonClient.Start(daemon.Socket);
        DaemonState state = await client.FollowStateAsync(Patience.Token);
        await client.ServiceTagsAsync("it", "before").Within();
        await client.WaitForConnectionAsync(Patience.Token);
        IAsyncEnumerator<LinkStatus> statuses = client.ReadStatusesAsync(Patience.Token).GetAsyncEnumerator();
        Task<CommandResult> upgrade = client.ReexecAsync(ReexecPathArgument.Dash);
        Task<CommandResult> meanwhile = client.ServiceTagsAsync("it", "meanwhile");
        await upgrade.Within();
        await meanwhile.Within();
        await Following.AgreeAsync(daemon, client, state);

        // It crashes with the line of the next command, before or after that was run.
        _ = client.DebugCrashAsync(CrashKind.Throw, CrashPoint.LineTaken);
        Task<CommandResult> crashed = client.ServiceTagsAsync("it", "after");
        await AwaitAsync(statuses, LinkState.Gap);
        Exception? answer = await Record.ExceptionAsync(() => crashed.Within());
        Assert.True(
            answer is null or CommandFailedException { Kind: ErrorKind.Internal } or AnswerLostException, $"{answer}");
        await AwaitAsync(statuses, LinkState.Connected);
        await Following.AgreeAsync(daemon, client, state);
    }

    [Fact]
    public async Task TheEndThatWasAskedForIsNotAskedForTwice()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonClient client = DaemonClient.Start(daemon.Socket);
        await client.WaitForConnectionAsync(Patience.Token);
        await client.TerminateAsync(0).Within();
        await daemon.Process.WaitForExitAsync(Patience.Token);
        await daemon.StartAgainAsync();
        await client.WaitForConnectionAsync(Patience.Token);
        await client.EchoAsync("still there").Within();
        Assert.False(daemon.Process.HasExited);
    }

    [Fact]
    public async Task ADisposedClientFailsWhatWaits()
    {
        await using DaemonClient client = DaemonClient.Start("/does/not/exist");
        Task<CommandResult> waits = client.EchoAsync("x");
        Task<CommandResult> repeated = client.Repeating.EchoAsync("x");
        Task<DaemonState> state = client.FollowStateAsync();
        await client.DisposeAsync();
        var failed = await Assert.ThrowsAsync<ConnectionClosedException>(() => waits.Within());
        Assert.Equal(ConnectionEndKind.Disposed, failed.End.Kind);
        Assert.False(failed.MayHaveRun);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => repeated.Within());
        await Assert.ThrowsAsync<ConnectionClosedException>(() => state.Within());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.WaitForConnectionAsync(Patience.Token));
    }

    // Also between the answer to its first line and its first use of the connection.
    [Fact]
    public async Task AClientThatConnectsCanBeDisposedOfAtAnyMoment()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        for (int moment = 0; moment < 100; moment++)
        {
            DaemonClient client = DaemonClient.Start(daemon.Socket);
            Thread.SpinWait(moment * 2000);
            await client.DisposeAsync().AsTask().Within();
        }
    }

    private static async Task<LinkStatus> AwaitAsync(IAsyncEnumerator<LinkStatus> statuses, LinkState wanted)
    {
        List<LinkStatus> seen = [];
        while (await statuses.MoveNextAsync())
        {
            if (statuses.Current.State == wanted)
            {
                return statuses.Current;
            }

            seen.Add(statuses.Current);
        }

        throw new InvalidOperationException(
            $"{wanted} did not come: {string.Join(", ", seen.Select(one => one.State))}");
    }
}
