using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Daemonproxy.Client;

namespace Daemonproxy.Manager.Tests.Simulation;

/// <summary>
/// A daemon as far as the manager sees it: services with tags that start, become ready, end, and are stopped. What the
/// programs do is said by <see cref="Programs"/>; the clock is the test's.
/// </summary>
internal sealed class SimDaemon
{
    private readonly SortedDictionary<ServiceName, ServiceInfo> _services = [];
    private readonly SortedDictionary<FdName, FdStateEvent> _fds = [];
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private int _nextPid = 100;

    public Instant Now { get; private set; } = new(1000);

    /// <summary>True if <c>terminate</c> came.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The commands that the daemon refused, with the reason.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>The behaviour of the processes.</summary>
    public Dictionary<string, SimProgram> Programs { get; } = new(StringComparer.Ordinal);

    public StateSnapshot State => StateSnapshot.Empty with
    {
        Services = _services.ToImmutableSortedDictionary(),
        Fds = _fds.ToImmutableSortedDictionary(),
    };

    public ServiceInfo? Find(string name) => _services.GetValueOrDefault(new ServiceName(name));

    public SimProgram Program(string name)
    {
        if (!Programs.TryGetValue(name, out SimProgram? program))
        {
            Programs.Add(name, program = new SimProgram());
        }

        return program;
    }

    /// <summary>Carries out a command.</summary>
    public void Run(DaemonCommand command)
    {
        TextList fields = command.Fields;
        switch (command.Name)
        {
            case "terminate":
                HasEnded = true;
                break;
            case "fd.pipe":
                Add(new FdStateReaderEvent(new FdName(fields[0]), default, new FdName(fields[1])));
                Add(new FdStateWriterEvent(new FdName(fields[1]), default, new FdName(fields[0])));
                break;
            case "fd.delete":
                _fds.Remove(new FdName(fields[0]));
                break;
            case "fd.open":
                Add(new FdStateFileEvent(new FdName(fields[0]), default, fields[2]));
                break;
            case "fd.socket":
                Add(new FdStateSocketEvent(new FdName(fields[0]), default, fields[2]));
                break;
            default:
                RunForService(command, fields);
                break;
        }
    }

    /// <summary>A second passes: starts happen, programs become ready, end, or are killed.</summary>
    public void Tick()
    {
        Now += 1;
        foreach (ServiceInfo service in _services.Values.ToArray())
        {
            Tick(service);
        }
    }

    /// <summary>Starts that are due happen.</summary>
    public void Launch()
    {
        foreach (ServiceInfo service in _services.Values.ToArray())
        {
            if (service.Phase == ServicePhase.Waiting)
            {
                Launch(service);
            }
        }
    }

    /// <summary>A client of its listener: the daemon starts the service, if that is what its triggers say.</summary>
    public void Connect(string name)
    {
        if (Find(name) is
            {
                Phase: not (ServicePhase.Up or ServicePhase.Waiting), StoppedSince: null, AutoUpTriggers.Count: > 0,
            } service)
        {
            Put(service with { Phase = ServicePhase.Waiting, Since = Now, ReadySince = null });
        }
    }

    /// <summary>A process ends.</summary>
    public void End(string name, int code)
    {
        if (Find(name) is { Phase: ServicePhase.Up } service)
        {
            Put(service with
            {
                Phase = ServicePhase.Exited,
                ExitCode = code,
                KilledBy = null,
                Ran = Now - service.Since!.Value,
                Since = Now,
                ReadySince = service.Ready is not null && code == 0 && Program(name).IsTask ? Now : null,
                KillAt = null,
            });
            if (name.EndsWith(".stop", StringComparison.Ordinal) && Program(name[..^".stop".Length]).EndsByCommand)
            {
                End(name[..^".stop".Length], 0);
            }
        }
    }

    private void RunForService(DaemonCommand command, TextList fields)
    {
        var name = new ServiceName(fields[0]);
        ServiceInfo? service = _services.GetValueOrDefault(name);
        switch (command.Name)
        {
            case "service.start" when service is null:
            case "service.stop" when service is null:
            case "service.delete" when service is null or { Phase: ServicePhase.Up }:
            case "service.start" when service.Phase is ServicePhase.Up:
                Refused.Add($"{command.Name} {name}");
                break;
            case "service.start":
                Put(
                    service with
                    {
                        Phase = ServicePhase.Waiting,
                        Since = Now,
                        StoppedSince = null,
                        ReadySince = null,
                        ExitCode = null,
                        KilledBy = null,
                    });
                break;
            case "service.signal":
                _asked.Add(fields[0]);
                break;
            case "service.stop":
                if (fields.Count < 3 || fields[2] != "SIGCONT")
                {
                    _asked.Add(fields[0]);
                }

                Stop(service, fields.Count > 1 ? long.Parse(fields[1], CultureInfo.InvariantCulture) : 10);
                break;
            case "service.delete":
                _services.Remove(name);
                break;
            case "service.tag":
                service ??= new ServiceInfo(name);
                string[] others = [.. service.Tags.Where(
                    tag => !tag.StartsWith($"{fields[1]}=", StringComparison.Ordinal))];
                Put(service with { Tags = fields.Count > 2 ? [.. others, $"{fields[1]}={fields[2]}"] : [.. others] });
                break;
            case "service.args":
                Put((service ?? new ServiceInfo(name)) with { Args = [.. fields.Skip(1)] });
                break;
            case "service.fds":
                Put((service ?? new ServiceInfo(name)) with { Fds = [.. fields.Skip(1)] });
                break;
            case "service.auto_up":
                Put(
                    (service ?? new ServiceInfo(name)) with
                    {
                        StoppedSince = service?.Phase == ServicePhase.Up ? service.StoppedSince : null,
                        AutoUpTriggers = [.. fields.Skip(2)],
                    });
                break;
            default:
                Put(service ?? new ServiceInfo(name));
                break;
        }
    }

    private void Stop(ServiceInfo service, long seconds)
    {
        switch (service.Phase)
        {
            case ServicePhase.Up when service.StoppedSince is null && seconds > 0:
                Put(service with { StoppedSince = Now, KillAt = Now + seconds });
                break;
            case ServicePhase.Up:
                Put(service with { StoppedSince = service.StoppedSince ?? Now, KillAt = Now });
                break;
            case ServicePhase.Waiting:
                Put(service with { Phase = ServicePhase.Never, Since = null, StoppedSince = Now });
                break;
            default:
                Put(service with { StoppedSince = service.StoppedSince ?? Now });
                break;
        }
    }

    private void Tick(ServiceInfo service)
    {
        string name = service.Name.Text!;
        SimProgram program = Program(name);
        switch (service)
        {
            case { Phase: ServicePhase.Waiting }:
                Launch(service);
                break;
            case { Phase: ServicePhase.Up, KillAt: { } kill } when Heeds(name, program) || kill <= Now:
                if (Heeds(name, program))
                {
                    End(name, 0);
                }
                else
                {
                    Put(
                        service with
                        {
                            Phase = ServicePhase.Killed,
                            KilledBy = Signal.Kill,
                            Ran = Now - service.Since!.Value,
                            Since = Now,
                            KillAt = null,
                            ReadySince = null,
                        });
                }

                break;
            case { Phase: ServicePhase.Up } when program.EndsAfter is { } after && Now >= service.Since!.Value + after:
                End(name, program.EndsWith);
                break;
            case { Phase: ServicePhase.Up, ReadySince: null } when !program.IsTask && program.ReadyAfter is { } ready
                && Now >= service.Since!.Value + ready:
                Put(service with { ReadySince = Now });
                break;
        }
    }

    private bool Heeds(string name, SimProgram program) => program.EndsWhenAsked && _asked.Contains(name);

    private void Launch(ServiceInfo service)
    {
        _asked.Remove(service.Name.Text!);
        Put(
            service with
            {
                Phase = ServicePhase.Up,
                Since = Now,
                Pid = _nextPid++,
                StoppedSince = null,
                ReadySince = null,
                KillAt = null,
                Ready = default(ReadyWaySet),
            });
    }

    private void Put(ServiceInfo service) => _services[service.Name] = service;

    private void Add(FdStateEvent fd) => _fds[fd.Name] = fd;
}

/// <summary>The behaviour of a program.</summary>
internal sealed record SimProgram
{
    /// <summary>The seconds until it says that it is ready; null for never.</summary>
    public long? ReadyAfter { get; set; } = 1;

    /// <summary>The seconds until it ends by itself; null for never.</summary>
    public long? EndsAfter { get; set; }

    /// <summary>The exit code then.</summary>
    public int EndsWith { get; set; }

    /// <summary>True if it ends when it is stopped, or waits for SIGKILL.</summary>
    public bool EndsWhenAsked { get; set; } = true;

    /// <summary>True if it ends with the command that stops it, and needs no signal.</summary>
    public bool EndsByCommand { get; set; }

    /// <summary>True if it is ready by ending.</summary>
    public bool IsTask { get; set; }
}
