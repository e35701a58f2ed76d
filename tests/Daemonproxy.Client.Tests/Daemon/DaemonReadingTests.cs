using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Daemon;

/// <summary>A reading of the state without a connection that stays.</summary>
public sealed class DaemonReadingTests
{
    [Fact]
    public async Task AReadingHasTheStateOfAConnection()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        foreach (int number in Enumerable.Range(0, 300))
        {
            _ = connection.ServiceArgsAsync($"service{number}", "/bin/true", new string('x', 500));
            _ = connection.ServiceEnvAsync($"service{number}", $"NUMBER={number}");
        }

        DaemonState state = await connection.FollowStateAsync();
        await connection.SynchronizeAsync();
        DaemonReading reading = DaemonReading.Read(daemon.Socket, TimeSpan.FromSeconds(30));
        Assert.Equal(state.Current.Services.Values, reading.State.Services.Values);
        Assert.Equal(state.Current.Fds.Keys, reading.State.Fds.Keys);
        Assert.Equal(daemon.Pid, reading.Pid);
        Assert.NotNull(reading.Uptime);
    }

    [Fact]
    public async Task AReadingThroughASocketThatMayOnlyWatchHasNoUptime()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await using DaemonConnection connection = await daemon.ConnectAsync();
        string path = Path.Combine(daemon.Folder, "watch");
        await connection.RunAsync("socket.create", "name=watch,allow=watch,prefix=web.", path);
        await connection.ServiceArgsAsync("web.one", "/bin/true");
        await connection.ServiceArgsAsync("db", "/bin/true");
        DaemonReading reading = DaemonReading.Read(path, TimeSpan.FromSeconds(30));
        Assert.Equal(["web.one"], reading.State.Services.Keys.Select(name => name.Text));
        Assert.Null(reading.Uptime);
    }

    [Fact]
    public void AMissingSocketIsReported()
    {
        var problem = Assert.Throws<ConnectFailedException>(() =>
            DaemonReading.Read("/tmp/there-is-none", TimeSpan.FromSeconds(30)));
        Assert.Equal((ConnectFailure.Missing, "/tmp/there-is-none"), (problem.Failure, problem.Path));
    }

    [Fact]
    public void APeerThatDoesNotAnswerIsGivenUpAtTheLimit()
    {
        string path = Path.Combine(Path.GetTempPath(), $"silent-{Guid.NewGuid():N}");
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(path));
        silent.Listen();
        var problem = Assert.Throws<ConnectFailedException>(() =>
            DaemonReading.Read(path, TimeSpan.FromMilliseconds(200)));
        File.Delete(path);
        Assert.Equal(ConnectFailure.NoAnswer, problem.Failure);
    }
}
