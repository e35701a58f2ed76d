using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Control.Tests.Harness;

namespace Daemonproxy.Import.Tests.Harness;

/// <summary>
/// A daemon, and dpctl as the manager of what was imported. All that they have started ends with it.
/// </summary>
internal sealed class Machine : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("daemonproxy-import-");
    private readonly StringBuilder _log = new();
    private Process? _daemon;
    private Process? _manager;
    private DaemonClient? _client;
    private DaemonState? _state;

    public string Folder => _folder.FullName;

    private string Socket => Path.Combine(Folder, "socket");

    /// <summary>Copies a sample, with the modes of its files.</summary>
    public string Copy(string sample)
    {
        string name = Path.GetFileName(sample);
        using Process copy = Process.Start("cp", ["-a", Path.Combine(Samples.Folder, sample), Folder]);
        copy.WaitForExit();
        return Path.Combine(Folder, name);
    }

    /// <summary>Starts the daemon, and the manager with a file.</summary>
    /// <param name="file">The content of the file.</param>
    /// <param name="isAlone">True if they have a network and a /run of their own.</param>
    public async Task ManageAsync(string file, bool isAlone = false)
    {
        string[] daemon = [Binary.Daemon, "-i", "-qq", "--subreaper", "-S", Socket];
        const string alone = "ip link set lo up && mount -t tmpfs tmpfs /run && "
            + "systemd-tmpfiles --create --prefix=/run 2>/dev/null; exec \"$@\"";
        string[] line = isAlone ? ["unshare", "-n", "-m", "sh", "-c", alone, "sh", .. daemon] : daemon;
        _daemon = Process.Start(new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Folder,
        })!;
        await _daemon.StandardOutput.ReadLineAsync().Within();
        _ = _daemon.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _client = DaemonClient.Start(Socket);
        _state = await _client.FollowStateAsync(Patience.Token);
        string path = Path.Combine(Folder, "services.toml");
        await File.WriteAllTextAsync(path, file);
        _manager = Dpctl("manage", path);
        _manager.ErrorDataReceived += (_, told) =>
        {
            lock (_log)
            {
                _log.AppendLine(told.Data);
            }
        };
        _manager.BeginErrorReadLine();
    }

    /// <summary>Waits until a service is as wanted.</summary>
    public async Task<ServiceInfo> UntilAsync(string name, Func<ServiceInfo, bool> isWanted)
    {
        var key = new ServiceName(name);
        try
        {
            StateSnapshot state = await _state!.WaitAsync(
                now => now.Services.TryGetValue(key, out ServiceInfo? info) && isWanted(info), Patience.Token);
            return state.Services[key];
        }
        catch (OperationCanceledException)
        {
            string services = string.Join('\n', _state!.Current.Services.Values);
            lock (_log)
            {
                throw new TimeoutException($"{name} is not as wanted.\n{services}\n{_log}");
            }
        }
    }

    /// <summary>Waits until a process of it is up.</summary>
    public Task<ServiceInfo> UntilUpAsync(string name) =>
        UntilAsync(name, static info => info.Phase == ServicePhase.Up);

    /// <summary>Waits until dpctl says that it is ready, or up if it does not tell.</summary>
    public async Task UntilReadyAsync(string name)
    {
        await UntilAsync(name, static info => info.Args.Count > 0);
        await RunAsync("wait", name, "--for", "ready", "--timeout", "50");
    }

    /// <summary>Runs dpctl, which must succeed.</summary>
    public async Task RunAsync(params string[] arguments)
    {
        using Process process = Dpctl(arguments);
        string errors = await process.StandardError.ReadToEndAsync().Within();
        await process.WaitForExitAsync().Within();
        lock (_log)
        {
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException(
                    $"dpctl {string.Join(' ', arguments)}: {process.ExitCode}\n{errors}\n{_log}");
            }
        }
    }

    /// <summary>Waits until a file has a text.</summary>
    public async Task<string> FileAsync(string path, string text)
    {
        string whole = Path.Combine(Folder, path);
        string found = "";
        for (var time = Stopwatch.StartNew(); time.Elapsed < TimeSpan.FromMinutes(1);)
        {
            found = File.Exists(whole) ? await File.ReadAllTextAsync(whole) : "";
            if (found.Contains(text, StringComparison.Ordinal))
            {
                return found;
            }

            await Task.Delay(20);
        }

        lock (_log)
        {
            throw new TimeoutException($"{path} has no '{text}' but '{found}'\n{_log}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        List<Process?> all = [_manager, _daemon];
        HashSet<int> below = _daemon is { HasExited: false } ? Descendants(_daemon.Id) : [];
        foreach (Process process in all.OfType<Process>())
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            await process.WaitForExitAsync(Patience.Token);
            process.Dispose();
        }

        foreach (int pid in below)
        {
            using Process kill = Process.Start(
                new ProcessStartInfo("/bin/kill", ["-9", $"{pid}"]) { RedirectStandardError = true })!;
            await kill.WaitForExitAsync();
        }

        _folder.Delete(recursive: true);
    }

    private Process Dpctl(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Binary.Control, ["-S", Socket, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Folder,
        })!;

    // All that a process has started, and what these have.
    private static HashSet<int> Descendants(int root)
    {
        HashSet<int> found = [];
        Queue<int> left = new([root]);
        while (left.TryDequeue(out int pid))
        {
            string path = $"/proc/{pid}/task/{pid}/children";
            string listed;
            try
            {
                listed = File.ReadAllText(path);
            }
            catch (IOException)
            {
                continue;
            }

            foreach (string child in listed.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                int number = int.Parse(child, CultureInfo.InvariantCulture);
                if (found.Add(number))
                {
                    left.Enqueue(number);
                }
            }
        }

        return found;
    }
}
