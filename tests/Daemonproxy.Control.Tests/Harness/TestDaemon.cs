using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;

namespace Daemonproxy.Control.Tests.Harness;

/// <summary>
/// A daemon with a control socket and a folder of its own. It is killed at the end, with its services.
/// </summary>
internal sealed class TestDaemon : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dpctl-");
    private readonly string[] _options;
    private Process _process;

    private TestDaemon(string[] options)
    {
        _options = options;
        _process = Launch();
    }

    public int Pid => _process.Id;

    public string Folder => _folder.FullName;

    public string Socket => Path.Combine(Folder, "socket");

    /// <summary>Starts one that is ready, and has run these commands.</summary>
    public static async Task<TestDaemon> StartAsync(params string[] commands)
    {
        TestDaemon daemon = new([]);
        await daemon.AwaitGreetingAsync();
        await daemon.SendAsync(commands);
        return daemon;
    }

    public Task<DaemonConnection> ConnectAsync() => DaemonConnection.ConnectAsync(Socket);

    /// <summary>Runs commands; their fields are separated by blanks, or by TABs if there is one.</summary>
    public async Task SendAsync(params string[] commands)
    {
        await using DaemonConnection connection = await ConnectAsync();
        foreach (string command in commands)
        {
            string[] fields = command.Split(command.Contains('\t', StringComparison.Ordinal) ? '\t' : ' ');
            await connection.RunAsync(new DaemonCommand(fields[0], fields.AsSpan(1)));
        }
    }

    /// <summary>Waits until a service is as wanted.</summary>
    public async Task<ServiceInfo?> AwaitAsync(string service, Func<ServiceInfo?, bool> isWanted)
    {
        await using DaemonConnection connection = await ConnectAsync();
        DaemonState state = await connection.FollowStateAsync();
        return await state.WaitAsync(service, isWanted).WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>
    /// Waits until a service runs its program: a signal after <c>up</c> and before execve(2) ends the launch.
    /// </summary>
    public async Task<ServiceInfo> AwaitProgramAsync(string service, string program)
    {
        ServiceInfo up = (await AwaitAsync(service, static found => found?.Phase == ServicePhase.Up))!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await File.ReadAllTextAsync($"/proc/{up.Pid}/comm", limit.Token)).TrimEnd() != program)
        {
            await Task.Delay(1, limit.Token);
        }

        return up;
    }

    /// <summary>Kills it, with all that it started.</summary>
    public async Task KillAsync()
    {
        List<int> children = [];
        if (!_process.HasExited)
        {
            string listed = File.ReadAllText($"/proc/{Pid}/task/{Pid}/children");
            children = [.. listed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            _process.Kill();
        }

        foreach (int child in children)
        {
            // A service that leads a group may have started others in it.
            string[] arguments = ["-9", "--", $"-{child}", $"{child}"];
            using Process kill = Process.Start(
                new ProcessStartInfo("/bin/kill", arguments) { RedirectStandardError = true })!;
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Starts another one in its place, which knows nothing.</summary>
    public async Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Launch();
        await AwaitGreetingAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // It ends with its input: also when these tests are killed.
    private Process Launch() =>
        Process.Start(new ProcessStartInfo(Binary.Daemon, ["-i", "-qq", "-S", Socket, .. _options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.FullName,
        })!;

    // What was asked for on the command line is there by then.
    private async Task AwaitGreetingAsync()
    {
        await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }
}
