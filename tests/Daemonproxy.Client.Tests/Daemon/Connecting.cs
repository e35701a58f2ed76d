using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Daemon;

/// <summary>Messages about a daemon that cannot be reached.</summary>
public sealed class Connecting : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("daemonproxy-connect-").FullName;

    private string Socket => Path.Combine(_folder, "socket");

    [Fact]
    public async Task AMissingSocketIsNamed()
    {
        ConnectFailedException problem = await FailAsync(Socket);
        Assert.Equal(ConnectFailure.Missing, problem.Failure);
        Assert.Equal(Socket, problem.Path);
        Assert.Contains($"no socket {Socket}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APathThatIsTooLongIsRefusedWithItsBound()
    {
        string path = "/tmp/" + new string('ä', 52);
        ArgumentException[] problems =
        [
            await Assert.ThrowsAsync<ArgumentException>("path", () => DaemonConnection.ConnectAsync(path)),
            Assert.Throws<ArgumentException>("path", () => DaemonClient.Start(path)),
            Assert.Throws<ArgumentException>("path", () => DaemonReading.Read(path, TimeSpan.FromSeconds(1))),
        ];
        string expected = $"The path of a socket cannot be longer than 107 bytes: {path}";
        Assert.All(problems, problem => Assert.StartsWith(expected, problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ASocketWithoutAListenerIsNamed()
    {
        using (Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            listener.Bind(new UnixDomainSocketEndPoint(Socket));
            listener.Listen();
        }

        // .NET removes the file with the socket; a daemon that is killed does not.
        using Process left = Process.Start(
            "/usr/bin/env", ["python3", "-c", $"import socket; socket.socket(socket.AF_UNIX).bind('{Socket}')"]);
        await left.WaitForExitAsync();
        if (left.ExitCode != 0)
        {
            await File.WriteAllTextAsync(Socket, "");
        }

        ConnectFailedException problem = await FailAsync(Socket);
        Assert.Equal(ConnectFailure.NobodyListens, problem.Failure);
        Assert.Contains($"No process listens on {Socket}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASocketOfAnotherUserIsRefused()
    {
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Socket));
        listener.Listen();
        File.SetUnixFileMode(Socket, UnixFileMode.None);
        ConnectFailedException problem = await AsNobody(() => FailAsync(Socket));
        Assert.Equal(ConnectFailure.NotAllowed, problem.Failure);
        Assert.Equal(Socket, problem.Path);
        Assert.Contains($"may not open {Socket}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADirectoryBeforeTheSocketThatIsNoneIsSomethingElse()
    {
        await File.WriteAllTextAsync(Socket, "");
        ConnectFailedException problem = await FailAsync(Socket + "/below");
        Assert.Equal(ConnectFailure.Other, problem.Failure);
        Assert.Contains(Socket + "/below", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFullDaemonIsNotWaitedForWithoutEnd()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("--controllers", "1");
        ConnectFailedException problem = await FailAsync(daemon.Socket);
        Assert.Equal(ConnectFailure.NoAnswer, problem.Failure);
        Assert.Contains("no place for another controller", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AQueueOfTheKernelThatIsFullIsNoAnswerEither()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("--controllers", "1");
        daemon.Signal("STOP");
        List<Socket> waiting = [];
        for (bool isFull = false; !isFull;)
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            waiting.Add(socket);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(daemon.Socket));
            }
            catch (SocketException)
            {
                isFull = true;
            }
        }

        Assert.Equal(ConnectFailure.NoAnswer, (await FailAsync(daemon.Socket)).Failure);
        waiting.ForEach(socket => socket.Dispose());
        daemon.Signal("CONT");
    }

    [Fact]
    public async Task AStoppedDaemonIsNoAnswer()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        daemon.Signal("STOP");
        Assert.Equal(ConnectFailure.NoAnswer, (await FailAsync(daemon.Socket)).Failure);
        daemon.Signal("CONT");
        await using DaemonConnection connection = await daemon.ConnectAsync();
    }

    [Fact]
    public async Task AnAttemptIsCancelled()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync("--controllers", "1");
        using var cancellation = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => DaemonConnection.ConnectAsync(daemon.Socket, cancellation.Token).Within());
    }

    [Fact]
    public async Task AnArgumentThatIsNoPathIsRefused()
    {
        Assert.Equal("path", (await Assert.ThrowsAnyAsync<ArgumentException>(
            () => DaemonConnection.ConnectAsync(""))).ParamName);
        Assert.Equal("path", (await Assert.ThrowsAnyAsync<ArgumentException>(
            () => DaemonConnection.ConnectAsync(new string('x', 108)))).ParamName);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Every right of files is that of its owner, root, until the thread has another user for them: setfsuid(2).
    private static Task<T> AsNobody<T>(Func<Task<T>> run)
    {
        Task<T>? started = null;
        Thread thread = new(() =>
        {
            if (Environment.IsPrivilegedProcess)
            {
                const int Nobody = 65534;
                _ = SetFsUid(Nobody);
            }

            started = run();
        });
        thread.Start();
        thread.Join();
        return started!;
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFsUid(uint user);

    private static Task<ConnectFailedException> FailAsync(string path) =>
        Assert.ThrowsAsync<ConnectFailedException>(
            () => DaemonConnection.ConnectAsync(path, TimeSpan.FromMilliseconds(300)).Within());
}
