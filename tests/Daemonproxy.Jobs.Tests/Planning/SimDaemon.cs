using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Jobs.Planning;

namespace Daemonproxy.Jobs.Tests.Planning;

/// <summary>A service of the simulated daemon.</summary>
internal sealed class SimService(string id, int attempt)
{
    public string Id { get; } = id;

    public int Attempt { get; } = attempt;

    public ServiceStanding Standing { get; set; } = ServiceStanding.Never;

    public long Since { get; set; }

    public long StartedAt { get; set; }

    public int ExitCode { get; set; }

    public bool IsStopped { get; set; }

    public bool IsEmpty { get; set; }
}

/// <summary>A daemon as the scheduler knows it: services, and a memory that ends with it.</summary>
internal sealed class SimDaemon(Random random)
{
    private readonly Dictionary<string, SimService> _services = new(StringComparer.Ordinal);

    /// <summary>The number of starts of each try, by all daemons that there ever were.</summary>
    public Dictionary<(string Id, int Attempt), int> Starts { get; } = [];

    /// <summary>The ends of the tries that were seen.</summary>
    public Dictionary<(string Id, int Attempt), int> Ends { get; } = [];

    public string Epoch { get; private set; } = "e0";

    public int Restarts { get; private set; }

    public IReadOnlyCollection<SimService> Services => _services.Values;

    public SimService? Find(string id) => _services.GetValueOrDefault(id);

    /// <summary>The commands in front of the start.</summary>
    public void Make(string id, int attempt)
    {
        if (Find(id) is null)
        {
            _services[id] = new SimService(id, attempt);
        }
    }

    /// <summary>The start; false if there is nothing to be started.</summary>
    public bool Start(string id, int attempt, long now)
    {
        if (Find(id) is not { Standing: ServiceStanding.Never } service || service.Attempt != attempt)
        {
            return false;
        }

        service.Standing = ServiceStanding.Waiting;
        service.IsStopped = false;
        service.Since = now;
        return true;
    }

    public void Stop(string id, long now)
    {
        // A stop of what has ended already does not change how it ended.
        if (Find(id) is { Standing: not ServiceStanding.Down } service)
        {
            service.IsStopped = true;
            if (service.Standing == ServiceStanding.Waiting)
            {
                service.Standing = ServiceStanding.Never;
                service.Since = now;
            }
        }
    }

    public void Delete(string id)
    {
        if (Find(id) is { Standing: ServiceStanding.Never or ServiceStanding.Down })
        {
            _services.Remove(id);
        }
    }

    /// <summary>Time passes: processes are made, end, and leave nothing.</summary>
    public void Tick(long now, bool isQuick)
    {
        foreach (SimService service in _services.Values)
        {
            if (service.Standing == ServiceStanding.Waiting && random.Next(2) == 0)
            {
                service.Standing = ServiceStanding.Up;
                service.Since = service.StartedAt = now;
                (string, int) run = (service.Id, service.Attempt);
                Starts[run] = Starts.GetValueOrDefault(run) + 1;
            }
            else if (service.Standing == ServiceStanding.Up
                && (service.IsStopped || isQuick || random.Next(6) == 0))
            {
                service.Standing = ServiceStanding.Down;
                service.ExitCode = random.Next(3);
                service.Since = now;
                Ends[(service.Id, service.Attempt)] = service.ExitCode;
            }
            else if (service.Standing == ServiceStanding.Down && random.Next(2) == 0)
            {
                service.IsEmpty = true;
            }
        }
    }

    /// <summary>It is killed, and another one takes its place.</summary>
    public void Restart()
    {
        _services.Clear();
        Restarts++;
        Epoch = $"e{Restarts}";
    }

    public ServiceView? View(string id) => Find(id) is not { } service
        ? null
        : new ServiceView(id, service.Attempt, service.Standing)
        {
            Since = service.Since,
            StartedAt = service.StartedAt,
            Pid = service.Standing is ServiceStanding.Up or ServiceStanding.Down ? 1 : null,
            ExitCode = service.Standing == ServiceStanding.Down ? service.ExitCode : null,
            IsStopped = service.IsStopped,
            IsEmpty = service.IsEmpty,
        };

    public IEnumerable<ServiceView> Views() => _services.Keys.Select(View).OfType<ServiceView>();
}
