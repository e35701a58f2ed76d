using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Manager.Tests.Harness;

/// <summary>
/// A daemon, a file, a manager that is a process of its own, and a connection that watches. All end with it.
/// </summary>
internal sealed class Managed : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("daemonproxy-manager-");
    private readonly StringBuilder _log = new();
    private readonly Process _daemon;
    private DaemonClient? _client;
    private DaemonState? _state;

    private Managed()
    {
        _daemon = Process.Start(new ProcessStartInfo(Binary.Path, ["-i", "-qq", "-S", Socket])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Folder,
        })!;
    }

    public string Folder => _folder.FullName;

    public string Socket => Path.Combine(Folder, "socket");

    public string File => Path.Combine(Folder, "services.toml");

    public Process Daemon => _daemon;

    public Process? Manager { get; private set; }

    public DaemonClient Client => _client!;

    public StateSnapshot State => _state!.Current;

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public static async Task<Managed> StartAsync(string file)
    {
        var managed = new Managed();
        await managed._daemon.StandardOutput.ReadLineAsync().Within();
        _ = managed._daemon.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        managed._client = DaemonClient.Start(managed.Socket);
        managed._state = await managed._client.FollowStateAsync(Patience.Token);
        managed.Write(file);
        managed.StartManager();
        return managed;
    }

    public void Write(string file) => System.IO.File.WriteAllText(File, file);

    public void StartManager()
    {
        Manager = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", typeof(Managed).Assembly.Location, Socket, File])
        {
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        })!;
        Manager.ErrorDataReceived += (_, told) =>
        {
            lock (_log)
            {
                _log.AppendLine(told.Data);
            }
        };
        Manager.BeginErrorReadLine();
    }

    public async Task KillManagerAsync()
    {
        Manager!.Kill();
        await Manager.WaitForExitAsync(Patience.Token);
    }

    public ServiceInfo? Find(string name) =>
        State.Services.TryGetValue(new ServiceName(name), out ServiceInfo? info) ? info : null;

    /// <summary>Waits until the state is as wanted; says what it was if that does not come.</summary>
    public async Task<StateSnapshot> UntilAsync(Func<StateSnapshot, bool> isWanted)
    {
        try
        {
            return await _state!.WaitAsync(isWanted, Patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{string.Join('\n', State.Services.Values)}\n{Log}");
        }
    }

    public Task<StateSnapshot> UntilUpAsync(params string[] names) => UntilAsync(
        state => names.All(name => IsUp(state, name)));

    public static bool IsUp(StateSnapshot state, string name) =>
        state.Services.TryGetValue(new ServiceName(name), out ServiceInfo? info) && info.Phase == ServicePhase.Up;

    public Task WishAsync(string name, WishKind kind, long number) =>
        Client.Repeating.ServiceTagAsync(name, Wish.Key, new Wish(kind, number).ToString());

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        if (Manager is { HasExited: false })
        {
            await KillManagerAsync();
        }

        Manager?.Dispose();
        if (!_daemon.HasExited)
        {
            string listed = System.IO.File.ReadAllText($"/proc/{_daemon.Id}/task/{_daemon.Id}/children");
            int[] children = [.. listed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            _daemon.Kill();
            foreach (int child in children)
            {
                using Process kill = Process.Start("/bin/kill", ["-9", $"{child}"]);
                await kill.WaitForExitAsync();
            }
        }

        await _daemon.WaitForExitAsync(Patience.Token);
        _daemon.Dispose();
        _folder.Delete(recursive: true);
    }
}
