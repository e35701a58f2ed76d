using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Planning;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Manager.Tests.Simulation;

/// <summary>One random run: a time of troubles, then a quiet one in which everything has to come to rest.</summary>
internal sealed class RandomRun(int seed)
{
    private const int TroubledSeconds = 120;
    private const int QuietSeconds = 120;
    private const int MostPlans = 60;
    private static readonly DateTimeOffset _epoch = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);
    private readonly SimDaemon _daemon = new();
    private readonly List<string> _history = [];
    private ServiceSet _set = ServiceSet.Empty;
    private ServiceGraph _graph = ServiceGraph.Empty;
    private string? _problem;
    private long _wishes;

    /// <summary>The number of plans that were made: the steps of the manager.</summary>
    public int Steps { get; private set; }

    /// <summary>A canary: the plan is made as if nothing needed anything.</summary>
    public bool ForgetsNeeds { get; init; }

    private Moment Now => new(_daemon.Now, _epoch.AddSeconds(_daemon.Now.Value));

    /// <summary>The first broken promise, with what led to it; null if all were kept.</summary>
    public string? Run()
    {
        Reload();
        for (int second = 0; second < TroubledSeconds && _problem is null; second++)
        {
            Disturb();
            Settle(isTroubled: true);
            _daemon.Tick();
        }

        Behave();
        for (int second = 0; second < QuietSeconds && _problem is null; second++)
        {
            Settle(isTroubled: false);
            _daemon.Tick();
        }

        CheckAtRest();
        if (_problem is null)
        {
            ShutDown();
        }

        return _problem is null
            ? null
            : string.Join(
                '\n', [$"seed {seed}: {_problem}", .. _set.Services.Select(Describe), .. _history.TakeLast(60)]);
    }

    private void Disturb()
    {
        switch (_random.Next(16))
        {
            case 0:
                Reload();
                break;
            case 1 or 2 or 3:
                Wish((WishKind)_random.Next(3));
                break;
            case 4:
                Send(new DaemonCommand(_random.Next(2) == 0 ? "service.stop" : "service.start", Any()));
                break;
            case 5 or 6 or 7:
                string name = Any();
                _history.Add($"{_daemon.Now} end {name}");
                _daemon.End(name, _random.Next(3));
                break;
            case 8 or 9:
                Misbehave(_daemon.Program(Any()));
                break;
            case 10 or 11:
                string served = Any();
                _history.Add($"{_daemon.Now} a client of {served}");
                _daemon.Connect(served);
                break;
        }
    }

    private void Misbehave(SimProgram program)
    {
        program.ReadyAfter = _random.Next(4) == 0 ? null : _random.Next(3);
        program.EndsAfter = _random.Next(3) == 0 ? _random.Next(4) : null;
        program.EndsWith = _random.Next(3);
        program.EndsWhenAsked = _random.Next(4) != 0;
        program.EndsByCommand = _random.Next(2) == 0;
    }

    private void Reload()
    {
        _set = RandomGraph.Make(_random);
        _graph = new ServiceGraph(ForgetsNeeds ? WithoutNeeds(_set) : _set);
        foreach (ServiceDefinition service in _set.Services)
        {
            SimProgram program = _daemon.Program(service.Name);
            program.IsTask = service.IsTask;
            if (service.IsTask)
            {
                program.EndsAfter = _random.Next(3);
            }

            foreach (string step in StepsOf(service))
            {
                _daemon.Program(step).EndsAfter = _random.Next(2);
            }
        }

        _history.Add($"{_daemon.Now} reload");
    }

    private static IEnumerable<string> StepsOf(ServiceDefinition service) =>
    [
        .. Enumerable.Range(1, service.Pre.Length).Select(number => $"{service.Name}.pre{number}"),
        .. Enumerable.Range(1, service.Post.Length).Select(number => $"{service.Name}.post{number}"),
        $"{service.Name}.check",
        $"{service.Name}.stop",
    ];

    private void Wish(WishKind kind) =>
        Send(
            new DaemonCommand(
                "service.tag", Any(), Tags.Wish.Key, new Wish(
                    kind, Now.Wall.ToUnixTimeMilliseconds() + _wishes++).ToString()));

    private string Any() => _set.Services[_random.Next(_set.Services.Length)].Name;

    private void Send(DaemonCommand command)
    {
        // Somebody's command to a service that does not exist yet is refused by the daemon.
        if (_daemon.Find(command.Fields[0]) is not null)
        {
            _history.Add($"{_daemon.Now} somebody: {command}".Replace('\t', ' '));
            _daemon.Run(command);
        }
    }

    // Plans, and carries out all of a plan or, when the manager is killed, the beginning of it.
    private void Settle(bool isTroubled)
    {
        for (int round = 0; _problem is null; round++)
        {
            StateSnapshot state = _daemon.State;
            Plan plan = Planner.Make(_graph, state, Now);
            Steps++;
            if (plan.Commands.Count == 0)
            {
                _problem = Promises.StartsTooEarly(_set, state);
                return;
            }

            if (round > MostPlans)
            {
                _problem = $"the manager does not come to rest: {string.Join(" | ", plan.Commands)}";
                return;
            }

            int count = isTroubled && _random.Next(6) == 0 ? _random.Next(plan.Commands.Count) : plan.Commands.Count;
            for (int number = 0; number < count; number++)
            {
                Carry(plan.Commands[number], state);
            }

            if (count < plan.Commands.Count)
            {
                _history.Add($"{_daemon.Now} the manager is killed");
                if (_random.Next(2) == 0)
                {
                    return;
                }
            }

            if (_random.Next(2) == 0)
            {
                _daemon.Launch();
            }
        }
    }

    private void Carry(DaemonCommand command, StateSnapshot state)
    {
        string name = command.Fields[0];
        if (command.Name is "service.start" or "service.stop" or "service.tag" or "service.delete")
        {
            _history.Add($"{_daemon.Now} {command}".Replace('\t', ' '));
        }

        ServiceDefinition? service = _set.Services.FirstOrDefault(one => one.Name == name);
        if (command.Name == "service.start")
        {
            if (_daemon.Find(name) is { Phase: ServicePhase.Up or ServicePhase.Waiting })
            {
                _problem ??= $"{name} is started twice";
            }

            foreach (string needed in service is null ? [] : service.Needs.Concat(service.Binds))
            {
                if (!Promises.IsReady(_set, needed, state))
                {
                    _problem ??= $"{name} is started, and {needed}, which it needs, is not ready";
                }
            }
        }
        else if (command.Name == "service.stop" && service is not null
            && _daemon.Find(name)?.Phase is ServicePhase.Up or ServicePhase.Waiting
            && !Promises.IsFailing(_daemon.State, name))
        {
            if (service.StopCommand is not null && _daemon.Find($"{name}.stop") is { Phase: ServicePhase.Up })
            {
                _problem ??= $"{name} is stopped while the command that stops it runs";
            }

            foreach (ServiceDefinition other in _set.Services.Where(one => one.Needs.Concat(one.Binds).Contains(name)))
            {
                if (state.Services.TryGetValue(new ServiceName(other.Name), out ServiceInfo? info)
                    && info.Phase == ServicePhase.Up)
                {
                    _problem ??= $"{name} is stopped before {other.Name}, which needs it";
                }
            }
        }

        _daemon.Run(command);
    }

    private void Behave()
    {
        foreach ((string name, SimProgram program) in _daemon.Programs)
        {
            bool isStep = name.Contains('.', StringComparison.Ordinal);
            program.ReadyAfter = 1;
            program.EndsAfter = isStep || program.IsTask ? 1 : null;
            program.EndsWith = 0;
            program.EndsWhenAsked = true;
        }

        _history.Add($"{_daemon.Now} from now on all behave");
    }

    private void CheckAtRest()
    {
        _problem ??= Promises.Broken(_set, _daemon.State);
        if (
            _problem is null && _daemon.State.Services.Values.FirstOrDefault(
                info => !IsKnown(info.Name.Text!)) is { } left)
        {
            _problem = $"{left.Name} is left over";
        }
    }

    private bool IsKnown(string name) =>
        _set.Services.Any(
            service => name == service.Name || name.StartsWith($"{service.Name}.", StringComparison.Ordinal));

    private void ShutDown()
    {
        for (int second = 0; second < 60 && !_daemon.HasEnded; second++)
        {
            Plan plan = Planner.Make(_graph, _daemon.State, Now, isShuttingDown: true);
            Steps++;
            foreach (DaemonCommand command in plan.Commands)
            {
                Carry(command, _daemon.State);
            }

            _daemon.Tick();
        }

        _problem ??= !_daemon.HasEnded ? "the daemon was not ended"
            : _daemon.State.Services.Values.Any(static info => info.Phase == ServicePhase.Up) ? "a service still runs"
                : null;
    }

    private static string Describe(ServiceDefinition service) =>
        $"{service.Name}: {service.Ready} needs {string.Join(',', service.Needs)} "
        + $"binds {string.Join(',', service.Binds)}"
        + $" wants {string.Join(',', service.Wants)} after {string.Join(',', service.After)} log {service.Log.Logger}"
        + $" {service.Restart.When} give-up {service.Restart.GiveUp} pre {service.Pre.Length}"
        + $" post {service.Post.Length}{(service.StopCommand is null ? "" : " stop-command")}"
        + $" within {service.ReadyWithin}{(service.IsDisabled ? " disabled" : "")}"
        + (service.Check is null ? "" : " check") + (service.StartsOnDemand ? " on demand" : "");

    private static ServiceSet WithoutNeeds(ServiceSet set) =>
        set with { Services = [.. set.Services.Select(static service => service with { Needs = [], Binds = [] })] };
}
