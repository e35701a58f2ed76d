using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Daemonproxy.Client.Tests.Daemon;

/// <summary>The client and the real daemon.</summary>
public class Conversations
{
    [Fact]
    public async Task AServiceIsStartedAndItsEndIsAnnounced()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        await connection.ServiceArgsAsync("it", "/bin/sh", "-c", "exit 7").Within();
        IAsyncEnumerable<DaemonEvent> events = connection.ReadEventsAsync(Patience.Token);
        CommandResult started = await connection.ServiceStartAsync("it").Within();
        Assert.IsType<ServiceStateWaitingEvent>(Assert.Single(started.Answers));
        await foreach (DaemonEvent told in events)
        {
            if (told is ServiceStateExitedEvent exited)
            {
                Assert.Equal("it", exited.Name);
                Assert.Equal(7, exited.Value);
                return;
            }
        }

        Assert.Fail("the connection ended");
    }

    [Fact]
    public async Task ErrorsSayWhich()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        (ErrorKind Kind, Func<Task<CommandResult>> Run)[] failures =
        [
            (ErrorKind.ServiceUnknown, () => connection.ServiceStartAsync("none")),
            (ErrorKind.FdUnknown, () => connection.FdDeleteAsync("none")),
            (ErrorKind.FdConstant, () => connection.FdDeleteAsync("null")),
            (ErrorKind.OpenFailed, () => connection.FdOpenAsync("f", FileFlags.Read, "/does/not/exist")),
            (ErrorKind.SamePipeNames, () => connection.FdPipeAsync("p", "p")),
            (ErrorKind.ExpectedAddress, () => connection.FdSocketAsync("s", SocketFlags.Bind)),
            (ErrorKind.GuardZero, () => connection.TerminateGuardAsync(TerminateGuardOperationArgument.Plus, 0)),
            (ErrorKind.TimeoutsCrossed, () => connection.ConnEventTimeoutAsync(9, 8)),
            (ErrorKind.Other, () => connection.RunAsync("no.such.command", "x")),
        ];

        // All at once: each hears its own.
        Task<CommandResult>[] tasks = [.. failures.Select(failure => failure.Run())];
        for (int index = 0; index < tasks.Length; index++)
        {
            var failed = await Assert.ThrowsAsync<CommandFailedException>(() => tasks[index].Within());
            Assert.Equal(failures[index].Kind, failed.Kind);
        }
    }

    [Fact]
    public async Task AnswersComeWithTheirCommand()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        CommandResult level = await connection.LogFilterAsync(LogLevel.Error).Within();
        Assert.Equal([new LogFilterEvent(LogLevel.Error)], level.Answers);
        CommandResult stats = await connection.StatsAsync(Counter.ServicesUsed, Counter.Crashes).Within();
        Assert.Equal([new StatsEvent(Counter.Crashes, 0), new StatsEvent(Counter.ServicesUsed, 0)], stats.Answers);
        CommandResult fds = await connection.ServiceFdsAsync("it", "null", "later").Within();
        Assert.Equal(["fd \"later\" is not yet defined"], fds.Warnings);
        Assert.Equal([new ServiceFdsEvent("it", ["null", "later"])], fds.Answers);
        CommandResult echo = await connection.EchoAsync("a", "overflow").Within();
        Assert.Equal([new UnknownEvent("a\toverflow")], echo.Answers);
    }

    [Fact]
    public async Task ADescriptorIsSentThoughItsOwnerHasClosedIt()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        Task<CommandResult> taken = connection.FdTakeAsync(file, "file");
        file.Dispose();
        Assert.Single((await taken.Within()).Answers);
        Assert.Throws<ObjectDisposedException>(() => { _ = connection.FdTakeAsync(file, "file"); });
        using SafeFileHandle none = new(-1, ownsHandle: false);
        Assert.Throws<IOException>(() => { _ = connection.FdTakeAsync(none, "file"); });
        await connection.SynchronizeAsync().Within();
    }

    [Fact]
    public async Task ThousandsOfCommandsMayBeUnderWay()
    {
        const int Count = 5000;
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        List<Task<CommandResult>> tasks = [];
        for (int number = 0; number < Count; number++)
        {
            tasks.Add(connection.ServiceTagsAsync($"s{number}", new string('x', number % 1000)));
        }

        await connection.SynchronizeAsync().Within();
        Assert.All(tasks, task => Assert.True(task.IsCompletedSuccessfully));
        DaemonState state = await connection.FollowStateAsync().Within();
        Assert.Equal(Count, state.Current.Services.Count);
    }

    [Fact]
    public async Task ADescriptorIsHandedOver()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        string output = Path.Combine(daemon.Folder, "output");
        using (SafeFileHandle file = File.OpenHandle(output, FileMode.Create, FileAccess.Write))
        {
            CommandResult taken = await connection.FdTakeAsync(file, "out").Within();
            Assert.Equal(
                new FdStateFileEvent("out", FileFlags.Write, "unknown"),
                Assert.Single(taken.Answers) as FdStateFileEvent);
        }

        DaemonState state = await connection.FollowStateAsync().Within();
        _ = connection.ServiceArgsAsync("it", "/bin/echo", "handed over");
        _ = connection.ServiceFdsAsync("it", "null", "out");
        await connection.ServiceStartAsync("it").Within();
        await state.WaitAsync(now => now.Services["it"].Phase == ServicePhase.Exited, Patience.Token);
        Assert.Equal("handed over\n", await File.ReadAllTextAsync(output));
    }

    [Fact]
    public async Task DescriptorsAreReceivedEachWithItsCommand()
    {
        const int Count = 50;
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        List<Task<SafeFileHandle>> given = [];
        for (int number = 0; number < Count; number++)
        {
            string path = Path.Combine(daemon.Folder, $"file{number}");
            await File.WriteAllTextAsync(path, $"text {number}");
            _ = connection.FdOpenAsync($"f{number}", FileFlags.Read, path);
            given.Add(connection.GetDescriptorAsync($"f{number}"));
            Task<SafeFileHandle> none = connection.GetDescriptorAsync("none");
            Assert.Equal(
                ErrorKind.FdUnknown, (await Assert.ThrowsAsync<CommandFailedException>(() => none.Within())).Kind);
        }

        for (int number = 0; number < Count; number++)
        {
            using SafeFileHandle file = await given[number].Within();
            byte[] bytes = new byte[20];
            int count = RandomAccess.Read(file, bytes, 0);
            Assert.Equal($"text {number}", System.Text.Encoding.ASCII.GetString(bytes, 0, count));
        }

        Assert.Null((await connection.FdDeleteAsync("f0").Within()).Descriptor);
    }

    [Fact]
    public async Task AListenerOfTheDaemonIsUsed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        string path = Path.Combine(daemon.Folder, "listener");
        await connection.FdSocketAsync("listener", SocketFlags.Listen, path).Within();
        using SafeFileHandle given = await connection.GetDescriptorAsync("listener").Within();
        using Socket listener = new(new SafeSocketHandle(given.DangerousGetHandle(), ownsHandle: false));
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path));
        using Socket accepted = await listener.AcceptAsync();
        Assert.True(accepted.Connected);
    }

    [Fact]
    public async Task OneDescriptorIsSentAndNoSecondWithIt()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        string output = Path.Combine(daemon.Folder, "output");
        using SafeFileHandle file = File.OpenHandle(output, FileMode.Create, FileAccess.Write);
        await connection.FdTakeAsync(file, "one").Within();
        var refused = await Assert.ThrowsAsync<CommandFailedException>(
            () => connection.RunAsync("fd.take", "two").Within());
        Assert.Equal(ErrorKind.NoDescriptor, refused.Kind);
    }

    [Fact]
    public async Task TheDaemonsEndIsWhatTerminateAsksFor()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        await connection.TerminateGuardAsync(TerminateGuardOperationArgument.Plus, 12).Within();
        var refused = await Assert.ThrowsAsync<CommandFailedException>(() => connection.TerminateAsync(9).Within());
        Assert.Equal(ErrorKind.GuardRequired, refused.Kind);
        await connection.TerminateGuardAsync(TerminateGuardOperationArgument.Dash, 12).Within();
        await connection.TerminateAsync(9).Within();
        Assert.Equal(ConnectionEndKind.Asked, (await connection.Closed.Within()).Kind);
        await daemon.Process.WaitForExitAsync(Patience.Token);
        Assert.Equal(9, daemon.Process.ExitCode);
    }

    [Theory]
    [InlineData("control.event", "control.cmd", 0, 1)]
    [InlineData("control.socket", "null", 0, 0)]
    public async Task AServiceIsAControllerByItsDescriptors(string first, string second, int events, int commands)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        DaemonState state = await connection.FollowStateAsync().Within();
        bool isSocket = events == commands;
        string file = Path.Combine(daemon.Folder, "file");
        File.WriteAllText(file, "");
        string[] program = ["dotnet", typeof(Conversations).Assembly.Location, $"{events}", $"{commands}"];
        _ = connection.ServiceArgsAsync("it", isSocket ? [.. program, file] : program);
        _ = connection.ServiceFdsAsync("it", first, second, "stderr");
        await connection.ServiceStartAsync("it").Within();
        StateSnapshot now = await state.WaitAsync(now => now.Services["it"].Tags is ["pid", ..], Patience.Token);
        Assert.Equal($"{now.Services["it"].Pid}", now.Services["it"].Tags[1]);
        Assert.Equal(isSocket, now.Fds.ContainsKey("taken"));
        await connection.ServiceTagsAsync("it", "done").Within();
        now = await state.WaitAsync(now => now.Services["it"].Phase == ServicePhase.Exited, Patience.Token);
        Assert.Equal(5, now.Services["it"].ExitCode);
    }
}
