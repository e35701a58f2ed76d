using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Units;

/// <summary>Commands that are given up, and what a connection that was disposed of says.</summary>
public sealed class Cancelling : IAsyncDisposable
{
    private readonly Peer _peer = new();

    private DaemonConnection Daemon => _peer.Connection;

    [Fact]
    public async Task TheAnswerOfACancelledCommandIsDroppedAndTheOrderIsKept()
    {
        using var cancellation = new CancellationTokenSource();
        Task<CommandResult> given = Daemon.ServiceTagsAsync("a", ["1"], cancellation.Token);
        Task<CommandResult> next = Daemon.ServiceTagsAsync("a", "2");
        await _peer.TakeCommandAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.Within());
        _peer.Tell("service.tags⇥a⇥1");
        _peer.Finish();
        Assert.Equal("service.tags⇥a⇥2", await _peer.TakeCommandAsync());
        _peer.Tell("error⇥No such service, for command \"x\"");
        _peer.Finish();
        var failed = await Assert.ThrowsAsync<CommandFailedException>(() => next.Within());
        Assert.Equal(ErrorKind.ServiceUnknown, failed.Kind);
    }

    [Fact]
    public async Task ACommandThatIsCancelledBeforeIsNotSent()
    {
        Task<CommandResult> never = Daemon.ChdirAsync("/a", new CancellationToken(canceled: true));
        Assert.True(never.IsCanceled);
        _ = Daemon.ChdirAsync("/b");
        Assert.Equal("chdir⇥/b", await _peer.TakeCommandAsync());
    }

    [Fact]
    public async Task EveryWaitIsCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        Task[] waits =
        [
            Daemon.SynchronizeAsync(cancellation.Token),
            Daemon.FollowStateAsync(cancellation.Token),
            Daemon.GetDescriptorAsync("f", cancellation.Token),
            Daemon.RunAsync("new", ["a"], cancellation.Token),
        ];
        await cancellation.CancelAsync();
        foreach (Task wait in waits)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.Within());
        }
    }

    [Fact]
    public async Task AConnectionThatWasDisposedOfSaysSo()
    {
        Task<CommandResult> pending = Daemon.ChdirAsync("/a");
        await _peer.TakeCommandAsync();
        await Daemon.DisposeAsync();
        var failed = await Assert.ThrowsAsync<ConnectionClosedException>(() => pending.Within());
        Assert.Equal(ConnectionEndKind.Disposed, failed.End.Kind);
        Assert.True(failed.MayHaveRun);
        Assert.Equal(new ConnectionEnd(ConnectionEndKind.Disposed), await Daemon.Closed.Within());
        Assert.Throws<ObjectDisposedException>(() => { _ = Daemon.ChdirAsync("/b"); });
        Assert.Throws<ObjectDisposedException>(() => { _ = Daemon.SynchronizeAsync(); });
        Assert.Throws<ObjectDisposedException>(() => { _ = Daemon.ReadEventsAsync(); });
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Daemon.FollowStateAsync().Within());
    }

    [Fact]
    public async Task AControllerIsTestedWithOneMethod()
    {
        var daemon = new FakeDaemon();
        await daemon.ServiceSignalAsync("web", "HUP");
        await daemon.ServiceSignalAsync("web", 9, SignalOptions.Group);
        await daemon.ServiceStartAsync("web", 12);
        await daemon.ServiceAutoUpAsync("web", 2, "SIGUSR1", ServiceAutoUpTriggersArgument.Always);
        Assert.Equal(
            [
                new DaemonCommand("service.signal", "web", "SIGHUP"),
                new DaemonCommand("service.signal", "web", "9", "group"),
                new DaemonCommand("service.start", "web", "12"),
                new DaemonCommand("service.auto_up", "web", "2", "SIGUSR1", "always"),
            ],
            daemon.Commands);
        Assert.Equal(["web", "2", "SIGUSR1", "always"], daemon.Commands[3].Fields);
        Assert.NotEqual(daemon.Commands[0], daemon.Commands[1]);
        DaemonState state = await daemon.FollowStateAsync();
        Assert.Empty((await state.WaitAsync(_ => true)).Services);
    }

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private sealed class FakeDaemon : IDaemon
    {
        public List<DaemonCommand> Commands { get; } = [];

        public Task<CommandResult> RunAsync(DaemonCommand command, CancellationToken cancellation = default)
        {
            Commands.Add(command);
            return Task.FromResult(new CommandResult());
        }

        public Task SynchronizeAsync(CancellationToken cancellation = default) => Task.CompletedTask;

        public IAsyncEnumerable<DaemonEvent> ReadEventsAsync(int capacity, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public Task<DaemonState> FollowStateAsync(CancellationToken cancellation = default) =>
            Task.FromResult(DaemonState.Fixed(StateSnapshot.Empty));
    }
}
