using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Daemon;

/// <summary>The model of the state is what the daemon has, whatever happens.</summary>
public class Following
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AfterRandomCommandsTheModelIsWhatADumpSays(int seed)
    {
        const int Commands = 3000;
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        await using DaemonConnection other = await daemon.ConnectAsync();
        DaemonState state = await connection.FollowStateAsync().Within();
        var random = new RandomCommands(seed, daemon.Folder);
        for (int number = 0; number < Commands; number++)
        {
            await random.RunAsync(number % 2 == 0 ? connection : other).Within();
            if (number % 500 == 0)
            {
                daemon.Signal("USR1");
            }
        }

        Assert.InRange(random.Done, Commands / 3, Commands);
        await AgreeAsync(daemon, connection, state);
        Assert.True(state.Current.Signals.ContainsKey(Signal.Usr1));
        Assert.Equal(new SocketStatePlainEvent(null, daemon.Socket), state.Current.Sockets[default]);
    }

    [Fact]
    public async Task ASlowReaderMissesEventsAndThenHasThemAll()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Socket));
        await using var gate = new GatedStream(new NetworkStream(socket));
        await using DaemonConnection slow = DaemonConnection.Over(gate, new NetworkStream(socket));
        await using DaemonConnection fast = await daemon.ConnectAsync();
        DaemonState state = await slow.FollowStateAsync().Within();
        await fast.ServiceTagsAsync("gone", "soon").Within();
        await state.WaitAsync(now => now.Services.ContainsKey("gone"), Patience.Token);

        gate.Shut();
        Task<CommandResult> during = slow.ServiceTagsAsync("mine", "1");
        string text = new('x', 1000);
        for (int number = 0; await OverflowsAsync(fast) == 0; number++)
        {
            _ = fast.ServiceTagsAsync($"s{number % 100}", text, $"{number}");
        }

        // What is told of this is lost.
        await fast.ServiceDeleteAsync("gone").Within();
        await fast.FdPipeAsync("new.r", "new.w").Within();
        Assert.True(state.Current.Services.ContainsKey("gone"));
        gate.Open();
        await state.WaitAsync(now => now.Fds.ContainsKey("new.w"), Patience.Token);
        Assert.True(state.IsComplete);
        Assert.False(state.Current.Services.ContainsKey("gone"));
        await Task.WhenAny(during).Within();
        Assert.True(during.IsCompletedSuccessfully || during.Exception?.InnerException is AnswerLostException);
        await AgreeAsync(daemon, fast, state);
    }

    [Fact]
    public async Task ACrashOfTheDaemonIsAnOverflow()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("--debug-crash");
        await using DaemonConnection connection = await daemon.ConnectAsync();
        DaemonState state = await connection.FollowStateAsync().Within();
        await connection.ServiceTagsAsync("it", "before").Within();
        Task crash = connection.DebugCrashAsync(CrashKind.Throw);
        Exception answer = await Assert.ThrowsAnyAsync<Exception>(() => crash.Within());
        Assert.True(answer is CommandFailedException { Kind: ErrorKind.Internal } or AnswerLostException, $"{answer}");
        await connection.ServiceTagsAsync("it", "after").Within();
        await state.WaitAsync(now => now.Services["it"].Tags is ["after"], Patience.Token);
        await AgreeAsync(daemon, connection, state);
    }

    [Fact]
    public async Task AnotherProgramInTheDaemonsPlaceIsFollowedToo()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        DaemonState state = await connection.FollowStateAsync().Within();
        await connection.ServiceTagsAsync("it", "before").Within();
        await connection.ReexecAsync(ReexecPathArgument.Dash).Within();
        var refused = await Assert.ThrowsAsync<CommandFailedException>(
            () => connection.ReexecAsync("/does/not/exist").Within());
        Assert.Equal(ErrorKind.ReexecRefused, refused.Kind);
        CommandResult stats = await connection.StatsAsync(Counter.Reexecs).Within();
        Assert.Equal([new StatsEvent(Counter.Reexecs, 1)], stats.Answers);
        await connection.ServiceTagsAsync("it", "after").Within();
        await state.WaitAsync(now => now.Services["it"].Tags is ["after"], Patience.Token);
        await AgreeAsync(daemon, connection, state);
    }

    [Fact]
    public async Task WaitingEndsWithTheConnectionOrWhenItIsCancelled()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        DaemonState state = await connection.FollowStateAsync().Within();
        using var cancellation = new CancellationTokenSource();
        Task cancelled = state.WaitAsync(_ => false, cancellation.Token);
        Task ended = state.WaitAsync(_ => false);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Within());
        Assert.False(ended.IsCompleted);
        await connection.ExitAsync().Within();
        await Assert.ThrowsAsync<ConnectionClosedException>(() => ended.Within());
        await Assert.ThrowsAsync<ConnectionClosedException>(() => connection.FollowStateAsync().Within());
    }

    private static async Task<long> OverflowsAsync(DaemonConnection connection)
    {
        CommandResult stats = await connection.StatsAsync(Counter.Overflows).Within();
        return Assert.IsType<StatsEvent>(Assert.Single(stats.Answers)).Value;
    }

    // What is still about to happen when they are compared makes them differ, but not for long.
    internal static async Task AgreeAsync(TestDaemon daemon, IDaemon connection, DaemonState state)
    {
        await using DaemonConnection third = await daemon.ConnectAsync();
        DaemonState fresh = await third.FollowStateAsync().Within();
        long end = Environment.TickCount64 + 30_000;
        while (true)
        {
            TextList last = [$"{Guid.NewGuid()}"];
            await connection.ServiceTagsAsync("last", last[0]).Within();
            await state.WaitAsync(now => now.Services.GetValueOrDefault("last")?.Tags == last, Patience.Token);
            await fresh.RefreshAsync().Within();
            IEnumerable<string> expected = Snapshots.Show(fresh.Current);
            IEnumerable<string> found = Snapshots.Show(state.Current);
            if (Environment.TickCount64 > end || expected.SequenceEqual(found))
            {
                Assert.Equal(expected, found);
                return;
            }
        }
    }
}
