using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Agent.Planning;
using Daemonproxy.Jobs.Planning;

namespace Daemonproxy.Fleet.Tests.Planning;

/// <summary>A service of the daemon of the simulation.</summary>
internal sealed record SimService(RunTerms Terms, ServiceStanding Standing)
{
    public long StartedAt { get; init; }

    public long EndsAt { get; init; }

    public long Since { get; init; }

    public bool IsStopped { get; init; }

    public int Code { get; init; }

    public RunView View => new(Terms, Standing)
    {
        StartedAt = StartedAt,
        Since = Since,
        ExitCode = Standing == ServiceStanding.Down && !IsStopped ? Code : null,
        Signal = Standing == ServiceStanding.Down && IsStopped ? "SIGTERM" : null,
        IsStopped = IsStopped,
        IsEmpty = Standing == ServiceStanding.Down,
    };
}

/// <summary>
/// A machine of the simulation: a daemon, which may be killed, and an agent, which may be killed, be paused, and lose
/// what it sends and what it is answered.
/// </summary>
internal sealed class SimMachine(string name, SimRedis redis, Random random, SimAccount account, bool isCanary)
{
    private static readonly AgentLimits _limits = new(3, 2);

    private readonly Dictionary<string, SimService> _services = [];
    private AgentPlanner? _planner;
    private string _instance = "";
    private string _mark = "m0";
    private int _number;
    private bool _isRegistered;
    private bool _isConnected;

    /// <summary>The time until which the machine is paused, and does nothing at all.</summary>
    public long PausedUntil { get; set; }

    /// <summary>The faults among a hundred steps.</summary>
    public int Trouble { get; set; } = 12;

    public IEnumerable<SimService> Services => _services.Values;

    public void KillAgent() => _planner = null;

    /// <summary>The daemon is killed with all that it runs, and started again: it knows nothing.</summary>
    public void KillDaemon()
    {
        _services.Clear();
        _mark = string.Create(CultureInfo.InvariantCulture, $"m{++_number}");
        _isConnected = false;
    }

    public void Work(long now)
    {
        if (now < PausedUntil)
        {
            return;
        }

        RunProcesses(now);
        if (_planner is null)
        {
            _planner = new AgentPlanner(_limits) { IgnoresFences = isCanary };
            _instance = string.Create(CultureInfo.InvariantCulture, $"i{++_number}");
            _isRegistered = _isConnected = false;
            _lastMark = null;
        }

        ConnectDaemon(now);
        Do(now);
        if (!Fails())
        {
            Speak(now);
        }

        _planner.Wake(now);
        Do(now);
    }

    private string? _lastMark;

    private void ConnectDaemon(long now)
    {
        if (_isConnected && !(Fails() && Fails()))
        {
            foreach (string one in _services.Keys.Concat(_planner!.Runs.Select(static run => run.Terms.Name)).ToArray())
            {
                _planner.See(one, _services.GetValueOrDefault(one)?.View, now);
            }

            return;
        }

        if (_lastMark is not null && _lastMark != _mark)
        {
            _planner!.LoseDaemon();
            _isRegistered = false;
        }

        _lastMark = _mark;
        _planner!.Connect(_services.ToDictionary(static one => one.Key, static one => one.Value.View), now);
        _isConnected = true;
    }

    // A renewal, and jobs for free places; each answer may be lost after Redis has done what was asked.
    private void Speak(long now)
    {
        IReadOnlyList<(string, long, int?)>? owned = redis.Renew(name, _instance, _mark, !_isRegistered, now);
        if (Fails())
        {
            return;
        }

        _isRegistered = owned is not null;
        if (owned is null)
        {
            return;
        }

        _planner!.HandleRuns(owned, now, now);
        Do(now);
        IReadOnlyList<RunTerms> taken = redis.Take(name, _instance, _planner.Free, now);
        if (Fails())
        {
            return;
        }

        foreach (RunTerms terms in taken)
        {
            _planner.Take(terms, now);
        }
    }

    private void Do(long now)
    {
        IReadOnlyList<AgentEffect> effects;
        while ((effects = _planner!.Drain()).Count > 0)
        {
            foreach (AgentEffect effect in effects)
            {
                Do(effect, now);
            }
        }
    }

    private void Do(AgentEffect effect, long now)
    {
        switch (effect)
        {
            case LaunchEffect launch:
                Launch(launch.Run, now);
                break;
            case StopEffect stop when _services.TryGetValue(stop.Run.Terms.Name, out SimService? service)
                && service.Terms.Fence == stop.Run.Terms.Fence && service.Standing == ServiceStanding.Up:
                _services[stop.Run.Terms.Name] = service with
                {
                    IsStopped = true,
                    EndsAt = Math.Min(service.EndsAt, now + random.Next(500)),
                };
                break;
            case DeleteEffect delete:
                Delete(delete.Run, now);
                break;
            case ReportEffect report:
                Ownership answer = Fails()
                    ? Ownership.Away
                    : redis.Finish(name: report.Run.Terms.Name, name, report.Run.Terms.Fence, report.Run.End!.Status);
                account.Note(report.Run, name, answer);
                _planner!.EndReport(report.Run, Fails() ? Ownership.Away : answer, now);
                break;
            case AskOwnerEffect question:
                _planner!.EndAskOwner(
                    question.Run,
                    Fails() ? Ownership.Away : redis.Owner(question.Run.Terms.Name, name, question.Run.Terms.Fence),
                    now);
                break;
            case BackEffect back when !Fails():
                redis.GiveBack(back.Name, name, back.Fence, back.How);
                break;
        }
    }

    // As the launcher: an old service in the way is stopped and deleted by what comes before.
    private void Launch(Run run, long now)
    {
        string job = run.Terms.Name;
        if (Fails() || _services.ContainsKey(job))
        {
            LaunchResult why = Fails() ? LaunchResult.Unable : LaunchResult.Refused;
            _planner!.EndLaunch(run, why, "Its disk is full.", now);
            return;
        }

        bool isStarted = !Fails();
        _services[job] = new SimService(
            run.Terms, isStarted ? ServiceStanding.Up : ServiceStanding.Never)
        {
            StartedAt = now,
            Since = now,
            EndsAt = now + random.Next(2500),
            Code = random.Next(4) == 0 ? 1 : 0,
        };
        if (isStarted)
        {
            account.Start(run.Terms);
        }

        LaunchResult result = Fails() ? LaunchResult.Unknown
            : isStarted ? LaunchResult.Accepted : LaunchResult.Refused;
        if (result == LaunchResult.Unknown)
        {
            _isConnected = false;
        }

        _planner!.EndLaunch(run, result, null, now);
        _planner.See(job, _services[job].View, now);
    }

    private void Delete(Run run, long now)
    {
        string job = run.Terms.Name;
        if (!Fails() && _services.TryGetValue(job, out SimService? there)
            && there.Terms.Fence == run.Terms.Fence
            && there.Standing is ServiceStanding.Down or ServiceStanding.Never)
        {
            _services.Remove(job);
        }

        _planner!.See(job, _services.GetValueOrDefault(job)?.View, now);
    }

    private void RunProcesses(long now)
    {
        foreach ((string job, SimService service) in _services.ToArray())
        {
            if (service.Standing == ServiceStanding.Up && service.EndsAt <= now)
            {
                _services[job] = service with { Standing = ServiceStanding.Down, Since = now };
            }
        }
    }

    private bool Fails() => random.Next(100) < Trouble;
}
