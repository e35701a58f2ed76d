using System.Collections.Generic;
using Daemonproxy.Client;
using Daemonproxy.Manager.Planning;
using Daemonproxy.Manager.Running;
using Daemonproxy.Manager.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Manager.Tests.Running;

/// <summary>The log of starts.</summary>
public class TransitionLogTests
{
    private const string File = """
        [service.plain]
        command = ["plain"]
        [service.telling]
        command = ["telling"]
        ready = "notify"
        """;

    private readonly List<string> _lines = [];
    private readonly SimManager _manager = new(File);
    private readonly TransitionLog _log;

    public TransitionLogTests()
    {
        _log = new TransitionLog(line => _lines.Add(line.Text));
        _manager.Daemon.Program("telling").ReadyAfter = 1;
        Assert.Null(Tell());
        _manager.Settle();
    }

    [Fact]
    public void AServiceIsUpWhenItHasRunForASecond()
    {
        Instant start = _manager.Daemon.Now;
        Assert.Equal(start + 2, Tell());
        Assert.Equal([$"telling: starting (PID {Pid("telling")})"], _lines);
        _manager.Run(1);
        Assert.Equal(start + 2, Tell());
        _manager.Run(1);
        Assert.Null(Tell());
        Assert.Equal(["telling: ready", $"plain: up (PID {Pid("plain")})"], _lines[1..]);
        Assert.Null(Tell());
        Assert.Equal(3, _lines.Count);
    }

    // The daemon has announced its process, and then that its program cannot be executed.
    [Fact]
    public void AServiceThatEndsAtOnceWasNotUp()
    {
        Tell();
        _manager.Daemon.End("plain", 3);
        Assert.Null(Tell());
        _manager.Run(1);
        Tell();
        Assert.DoesNotContain(_lines, static line => line.StartsWith("plain", System.StringComparison.Ordinal));
    }

    private int Pid(string name) => _manager.Daemon.Find(name)!.Pid!.Value;

    private Instant? Tell() => _log.Tell(_manager.Daemon.State, _manager.Graph, _manager.Daemon.Now);
}
