using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace Daemonproxy.Fleet.Tests.Harness;

/// <summary>
/// The redis-server of the machine, on a unix socket in a folder of its own. It is killed at the end.
/// </summary>
internal sealed class TestRedis : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("daemonproxy-redis-").FullName;
    private readonly string[] _options;
    private GuardedProcess? _process;

    private TestRedis(string[] options) => _options = options;

    private string Data => Path.Combine(_folder, "appendonlydir");

    private string Kept => Path.Combine(_folder, "kept");

    public string Socket => Path.Combine(_folder, "redis.sock");

    public int Pid => _process!.Pid;

    public static async Task<TestRedis> StartAsync(params string[] options)
    {
        var redis = new TestRedis(options);
        await redis.StartAgainAsync();
        return redis;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync() => await _process!.DisposeAsync();

    /// <summary>Starts it on the data that is there.</summary>
    public async Task StartAgainAsync()
    {
        List<string> command =
        [
            "redis-server", "--port", "0", "--unixsocket", Socket, "--dir", _folder, "--save", "",
            "--appendonly", "yes", "--appendfsync", "always", .. _options,
        ];
        _process = await GuardedProcess.StartAsync(command);
        await _process.HearAsync("connections at");
    }

    /// <summary>Removes its data.</summary>
    public void Forget() => Directory.Delete(Data, recursive: true);

    /// <summary>Keeps a copy of its data.</summary>
    public void Remember() => Copy(Data, Kept);

    /// <summary>Puts the copy in the place of its data: all that came later is lost.</summary>
    public void ForgetWhatCameLater()
    {
        Forget();
        Copy(Kept, Data);
    }

    /// <summary>Runs redis-cli(1).</summary>
    public async Task<string> CallAsync(params string[] words)
    {
        using Process client = Process.Start(new ProcessStartInfo("redis-cli", ["-s", Socket, .. words])
        {
            RedirectStandardOutput = true,
        })!;
        string said = await client.StandardOutput.ReadToEndAsync();
        await client.WaitForExitAsync();
        return said.TrimEnd('\n');
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
