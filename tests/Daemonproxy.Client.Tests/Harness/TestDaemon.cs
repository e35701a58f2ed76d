using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Daemonproxy.Client.Tests.Harness;

/// <summary>The published daemon with a control socket, and a folder of its own. It is killed at the end.</summary>
internal sealed class TestDaemon : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("daemonproxy-client-");
    private readonly string[] _options;
    private Process _process;

    private TestDaemon(string[] options)
    {
        _options = options;
        _process = Launch();
    }

    public int Pid => _process.Id;

    public Process Process => _process;

    public string Folder => _folder.FullName;

    public string Socket => System.IO.Path.Combine(Folder, "socket");

    /// <summary>Starts one that is ready.</summary>
    public static async Task<TestDaemon> StartAsync(params string[] options)
    {
        TestDaemon daemon = new(options);
        await daemon.AwaitGreetingAsync();
        return daemon;
    }

    /// <summary>Kills it, with all that it started: it has no time to say anything.</summary>
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
            using Process kill = Process.Start("/bin/kill", ["-9", $"{child}"]);
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Starts another one in its place, at the same path, that knows nothing.</summary>
    public async Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Launch();
        await AwaitGreetingAsync();
    }

    public Task<DaemonConnection> ConnectAsync() => DaemonConnection.ConnectAsync(Socket);

    public void Signal(string signal)
    {
        using Process kill = Process.Start("/bin/kill", [$"-{signal}", $"{Pid}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private Process Launch() =>

        // It ends with its input: also when these tests are killed.
        Process.Start(new ProcessStartInfo(Binary.Path, ["-i", "-qq", "-S", Socket, .. _options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.FullName,
        })!;

    // What was asked for on the command line is there by then.
    private async Task AwaitGreetingAsync()
    {
        await _process.StandardOutput.ReadLineAsync().Within();
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }
}
