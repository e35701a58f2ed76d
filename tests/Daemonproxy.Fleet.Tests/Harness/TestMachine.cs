using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Client.Tests.Harness;

namespace Daemonproxy.Fleet.Tests.Harness;

/// <summary>A daemon and an agent.</summary>
internal sealed class TestMachine : IAsyncDisposable
{
    private readonly string[] _options;
    private GuardedProcess? _agent;

    private TestMachine(string name, string redis, TestDaemon daemon, string[] options)
    {
        Name = name;
        Redis = redis;
        Daemon = daemon;
        _options = options;
    }

    /// <summary>
    /// The agent where it was built: beside these tests are not all its libraries, since they have those of ASP.NET.
    /// </summary>
    public static string AgentProgram { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Daemonproxy.Agent", new DirectoryInfo(AppContext.BaseDirectory).Name,
        "dpctl-agent"));

    public string Name { get; }

    /// <summary>Where the agent finds Redis.</summary>
    public string Redis { get; set; }

    public TestDaemon Daemon { get; }

    public GuardedProcess Agent => _agent!;

    /// <summary>Where outputs are until Redis has them.</summary>
    public string Outputs => Path.Combine(Daemon.Folder, "agent", "output");

    public static async Task<TestMachine> StartAsync(string name, string redis, params string[] options)
    {
        var machine = new TestMachine(name, redis, await TestDaemon.StartAsync(), options);
        await machine.StartAgentAsync();
        return machine;
    }

    /// <summary>Starts the agent, and waits until it has a lease.</summary>
    public async Task StartAgentAsync()
    {
        List<string> command =
        [
            AgentProgram, "run", "-S", Daemon.Socket, "--name", Name,
            "--redis", Redis, "--directory", Path.Combine(Daemon.Folder, "agent"), "-v", .. _options,
        ];
        if (!_options.Contains("--allow"))
        {
            command.AddRange(["--allow", "*"]);
        }

        _agent = await GuardedProcess.StartAsync(command);
        await _agent.HearAsync("has a lease");
    }

    public async Task KillAgentAsync() => await _agent!.DisposeAsync();

    /// <summary>The services of jobs that the daemon has.</summary>
    public async Task<List<ServiceInfo>> ServicesAsync()
    {
        await using DaemonConnection connection = await Daemon.ConnectAsync();
        DaemonState state = await connection.FollowStateAsync();
        return [.. state.Current.Services.Values.Where(static one => one.Phase != ServicePhase.Never)];
    }

    /// <summary>Stops or continues daemon, agent and all jobs.</summary>
    public void SignalAll(string signal)
    {
        string children = File.ReadAllText($"/proc/{Daemon.Pid}/task/{Daemon.Pid}/children");
        foreach (int pid in children.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(static text => int.Parse(text, CultureInfo.InvariantCulture))
            .Concat([Daemon.Pid, Agent.Pid]))
        {
            GuardedProcess.Signal(pid, signal);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        await Daemon.DisposeAsync();
    }
}
