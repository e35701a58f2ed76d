using System;
using System.Collections.Generic;
using System.Linq;

namespace Daemonproxy.Agent.Planning;

/// <summary>The limits of an agent.</summary>
/// <param name="Places">The most jobs that run at once.</param>
/// <param name="StopGrace">The seconds from SIGTERM to SIGKILL of a job that exceeds its time limit.</param>
internal sealed record AgentLimits(int Places, int StopGrace);

/// <summary>
/// Decides the actions of an agent. It has no clock, no Redis and no daemon: its input are facts and the time, its
/// output effects. The data for the next agent after a kill are in the tags of its services, and in Redis.
/// </summary>
/// <remarks>
/// These rules hold. A run is launched at most once, right after Redis has given it out: an unknown run is given back,
/// and not started. A service is deleted only after Redis has answered the report of its end, or after the run was
/// taken from this machine. A run is given back only after its service is gone.
/// </remarks>
internal sealed partial class AgentPlanner(AgentLimits limits)
{
    // The longest wait for a tree that does not end. Failed steps are tried again after it.
    private const int MostClearing = 10_000;
    private const int Again = 1_000;

    // The run was taken from this machine: another machine may run the job.
    private const int LateGrace = 2;

    private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);
    private readonly List<AgentEffect> _effects = [];
    private readonly StartPause _pause = new();

    /// <summary>For the test of the tests: takes a process of an older run for that of a newer one.</summary>
    public bool IgnoresFences { get; init; }

    /// <summary>The runs.</summary>
    public IReadOnlyCollection<Run> Runs => _runs.Values;

    /// <summary>The number of jobs for which it has room and which it may start.</summary>
    public int Free
    {
        get
        {
            int launching = _runs.Values.Count(static run => run.Phase is RunPhase.Launching)
                + _runs.Values.Count(static run => run.Next is not null);
            int active = launching + _runs.Values.Count(static run => run.Phase is RunPhase.Running);
            int free = Math.Max(0, Math.Min(limits.Places - active, (2 * limits.Places) - _runs.Count));
            return _pause.Allowed(free, launching);
        }
    }

    /// <summary>The reason why this machine could not start its last job; null if it could.</summary>
    public string? Obstacle => _pause.Reason;

    /// <summary>The time of the next <see cref="Wake"/>; null for none.</summary>
    public long? NextWake => _runs.Values.Select(DueOf).Append(_pause.Until).Min();

    /// <summary>The decisions since the last call.</summary>
    public IReadOnlyList<AgentEffect> Drain()
    {
        AgentEffect[] effects = [.. _effects];
        _effects.Clear();
        return effects;
    }

    /// <summary>The run of a job; null if there is none.</summary>
    public Run? Find(string name) => _runs.GetValueOrDefault(name);

    /// <summary>Handles a run that Redis has given out.</summary>
    public void Take(RunTerms terms, long now)
    {
        var run = new Run(terms) { TakenAt = now };
        if (!_runs.TryGetValue(terms.Name, out Run? there))
        {
            Begin(run);
        }
        else if (IgnoresFences)
        {
            _runs[terms.Name] = new Run(terms) { Phase = there.Phase, TakenAt = now, StartedAt = there.StartedAt };
        }
        else if (terms.Fence > there.Terms.Fence)
        {
            // The older run was taken from this machine, which was slow, or it has just ended.
            there.Next = run;
            LoseRun(there, now);
        }
    }

    /// <summary>Handles the result of a start.</summary>
    public void EndLaunch(Run run, LaunchResult result, string? reason, long now)
    {
        if (result == LaunchResult.Accepted)
        {
            _pause.Succeed();
        }

        if (!IsCurrent(run) || run.Phase != RunPhase.Launching)
        {
            return;
        }

        switch (result)
        {
            case LaunchResult.Accepted:
                run.Phase = RunPhase.Running;
                break;
            case LaunchResult.Impossible:
                EndWith(run, new RunEnd("failed") { Reason = reason });
                break;
            case LaunchResult.Unable:
                string obstacle = reason ?? "Its machine could not start it.";
                if (_pause.Fail(obstacle, now) is { } length)
                {
                    _effects.Add(new PauseEffect(obstacle, length));
                }

                ClearThenGiveBack(run, "back", obstacle, now);
                break;
            case LaunchResult.Refused:
                ClearThenGiveBack(run, "back", reason ?? "Its machine could not start it.", now);
                break;
            case LaunchResult.Unknown:
                run.IsUnknown = true;
                break;
        }
    }

    /// <summary>The service of a job; null if there is none.</summary>
    public void See(string name, RunView? view, long now)
    {
        if (_runs.TryGetValue(name, out Run? run))
        {
            Look(run, view, now);
        }
        else if (view is not null)
        {
            Adopt(view, now);
        }
    }

    /// <summary>Handles the whole state of the daemon: runs without a service are gone.</summary>
    public void Connect(IReadOnlyDictionary<string, RunView> views, long now)
    {
        foreach (string name in _runs.Keys.Concat(views.Keys).Distinct().ToArray())
        {
            if (_runs.TryGetValue(name, out Run? run))
            {
                run.IsStopSent = run.IsDeleteSent = false;
            }

            See(name, views.GetValueOrDefault(name), now);
        }
    }

    /// <summary>Handles a daemon that has lost its state: unfinished runs are lost.</summary>
    public void LoseDaemon()
    {
        foreach (Run run in _runs.Values.ToArray())
        {
            run.View = null;
            if (run.Phase != RunPhase.Reporting)
            {
                Remove(run);
            }
        }
    }

    /// <summary>Handles the runs of this machine in Redis, and the requested stops.</summary>
    /// <param name="owned">Job, fence, and the seconds of a stop.</param>
    /// <param name="asked">The time of the query: runs that were taken since then are not in the list.</param>
    /// <param name="now">The time.</param>
    public void HandleRuns(IReadOnlyList<(string Name, long Fence, int? Stop)> owned, long asked, long now)
    {
        Dictionary<string, long> fences = new(StringComparer.Ordinal);
        foreach ((string name, long fence, int? stop) in owned)
        {
            fences[name] = fence;
            _runs.TryGetValue(name, out Run? run);
            if (run?.Terms.Fence == fence || run?.Next?.Terms.Fence == fence)
            {
                if (stop is { } seconds)
                {
                    Stop(name, fence, seconds, now);
                }
            }
            else if (run is null || run.Terms.Fence < fence)
            {
                // The answer that gave it out was lost, or the daemon lost its state: the job may have run or not.
                _effects.Add(new BackEffect(name, "", fence, "lost", "Its machine knew nothing of the run.", 0));
            }
        }

        foreach (Run run in _runs.Values)
        {
            bool isListed = fences.TryGetValue(run.Terms.Name, out long fence) && fence == run.Terms.Fence;
            if (!isListed && !run.IsOwnerAsked && run.TakenAt < asked && !run.IsLate
                && run.Phase is RunPhase.Launching or RunPhase.Running)
            {
                run.IsOwnerAsked = true;
                _effects.Add(new AskOwnerEffect(run));
            }
        }
    }

    /// <summary>Handles Redis' answer about the owner of a run.</summary>
    public void EndAskOwner(Run run, Ownership answer, long now)
    {
        run.IsOwnerAsked = false;
        if (IsCurrent(run) && answer is Ownership.Late or Ownership.Again or Ownership.Gone)
        {
            LoseRun(run, now);
        }
    }

    /// <summary>Handles Redis' answer to a report.</summary>
    public void EndReport(Run run, Ownership answer, long now)
    {
        if (!IsCurrent(run) || run.Phase != RunPhase.Reporting)
        {
            return;
        }

        run.IsReportSent = false;
        if (answer == Ownership.Away)
        {
            run.Due = now + Again;
            return;
        }

        run.IsLate = answer is Ownership.Late or Ownership.Gone;
        Clear(run, now);
    }

    /// <summary>Requests a stop.</summary>
    public void Stop(string name, long fence, int seconds, long now)
    {
        if (!_runs.TryGetValue(name, out Run? run))
        {
            return;
        }

        if (run.Next?.Terms.Fence == fence)
        {
            run.Next.StopSeconds ??= seconds;
        }
        else if (run.Terms.Fence == fence && run.Phase is RunPhase.Launching or RunPhase.Running)
        {
            run.StopSeconds ??= seconds;
            SendStop(run);
        }
    }

    /// <summary>Handles expired times.</summary>
    public void Wake(long now)
    {
        _pause.Wake(now);
        foreach (Run run in _runs.Values.Where(run => DueOf(run) <= now).ToArray())
        {
            switch (run.Phase)
            {
                case RunPhase.Running when !run.IsTimedOut:
                    run.IsTimedOut = true;
                    run.StopSeconds ??= limits.StopGrace;
                    SendStop(run);
                    break;
                case RunPhase.Reporting:
                    run.Due = null;
                    SendReport(run);
                    break;
                case RunPhase.Clearing:
                    run.Due = now + Again;
                    run.IsDeleteSent = false;
                    SendDelete(run, isForced: true);
                    break;
            }
        }
    }
}
