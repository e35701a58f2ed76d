using System.Collections.Generic;
using Daemonproxy.Jobs.Planning;

namespace Daemonproxy.Agent.Planning;

/// <summary>The steps of a run.</summary>
internal sealed partial class AgentPlanner
{
    private static long? DueOf(Run run) => run.Phase switch
    {
        RunPhase.Running when !run.IsTimedOut && !run.IsLate =>
            run.StartedAt is { } started && run.Terms.Limit is { } limit ? started + limit : null,
        RunPhase.Reporting or RunPhase.Clearing => run.Due,
        _ => null,
    };

    private bool IsCurrent(Run run) => _runs.GetValueOrDefault(run.Terms.Name) == run;

    private void Begin(Run run)
    {
        _runs[run.Terms.Name] = run;
        if (run.StopSeconds is not null)
        {
            EndWith(run, new RunEnd("stopped") { Reason = "It was stopped before it was started." });
            return;
        }

        run.Phase = RunPhase.Launching;
        _effects.Add(new LaunchEffect(run));
    }

    private void Look(Run run, RunView? view, long now)
    {
        if (view is not null && view.Terms.Fence != run.Terms.Fence && !IgnoresFences)
        {
            // Older than the known run: it has to be removed first.
            run.View = null;
            return;
        }

        run.View = view;
        switch (run.Phase)
        {
            case RunPhase.Launching when run.IsUnknown:
                LookAfterUnknown(run, now);
                break;
            case RunPhase.Launching when view?.Standing is ServiceStanding.Up or ServiceStanding.Down:
            case RunPhase.Running:
                LookAtRun(run, now);
                break;
            case RunPhase.Clearing when view is null:
                Remove(run);
                break;
            case RunPhase.Clearing:
                SendDelete(run);
                break;
        }
    }

    private void LookAfterUnknown(Run run, long now)
    {
        if (run.View?.Standing is null or ServiceStanding.Never)
        {
            ClearThenGiveBack(run, "lost", "The connection to the daemon was lost at its start.", now);
            return;
        }

        run.IsUnknown = false;
        LookAtRun(run, now);
    }

    private void LookAtRun(Run run, long now)
    {
        switch (run.View?.Standing)
        {
            case null:
                ClearThenGiveBack(run, "lost", "Somebody deleted its service.", now);
                break;
            case ServiceStanding.Never when run.Phase == RunPhase.Running:
                ClearThenGiveBack(run, "lost", "Somebody took its start back.", now);
                break;
            case ServiceStanding.Waiting:
                SendStop(run);
                break;
            case ServiceStanding.Up:
                run.Phase = RunPhase.Running;
                run.StartedAt ??= run.View.StartedAt;
                run.Pid = run.View.Pid;
                SendStop(run);
                break;
            case ServiceStanding.Down:
                NoteEnd(run, run.View, now);
                break;
        }
    }

    private void NoteEnd(Run run, RunView view, long now)
    {
        run.StartedAt ??= view.Failure is null ? view.StartedAt : null;
        run.Pid = view.Pid ?? run.Pid;
        if (run.IsLate)
        {
            Clear(run, now);
            return;
        }

        // The stop may have been sent by an agent that was killed. The daemon counts seconds.
        bool isOverdue = view.IsStopped && run.Terms.Limit is { } limit && view.Since - view.StartedAt >= limit - 1000;
        string status = run switch
        {
            { IsTimedOut: true } => "timed-out",
            _ when isOverdue && run.StopSeconds is null => "timed-out",
            _ when view.IsStopped => "stopped",
            _ => view.ExitCode == 0 && view.Failure is null ? "succeeded" : "failed",
        };
        EndWith(run, new RunEnd(status)
        {
            ExitCode = view.Failure is null ? view.ExitCode : null,
            Signal = view.Signal,
            Failure = view.Failure,
        });
    }

    private void EndWith(Run run, RunEnd end)
    {
        run.End = end;
        run.Phase = RunPhase.Reporting;
        SendReport(run);
    }

    // It belongs to another machine now, or to none.
    private void LoseRun(Run run, long now)
    {
        run.IsLate = true;
        run.Back = null;
        switch (run.Phase)
        {
            case RunPhase.Running:
                run.StopSeconds = LateGrace;
                run.IsStopSent = false;
                SendStop(run);
                break;
            case RunPhase.Launching:
                run.StopSeconds = LateGrace;
                break;
            case RunPhase.Reporting:
                Clear(run, now);
                break;
        }
    }

    private void ClearThenGiveBack(Run run, string how, string why, long now)
    {
        if (!run.IsLate)
        {
            run.Back = new BackEffect(run.Terms.Name, run.Terms.Id, run.Terms.Fence, how, why, Again);
        }

        Clear(run, now);
    }

    private void Clear(Run run, long now)
    {
        run.Phase = RunPhase.Clearing;
        run.Due = now + MostClearing;
        if (run.View is null)
        {
            // An incomplete service may exist that was not read yet: the answer confirms that it is gone.
            run.IsDeleteSent = true;
            _effects.Add(new DeleteEffect(run));
        }
        else
        {
            SendDelete(run);
        }
    }

    private void Remove(Run run)
    {
        _runs.Remove(run.Terms.Name);
        if (run.Back is { } back)
        {
            _effects.Add(back);
        }

        if (run.Next is { } next)
        {
            Begin(next);
        }
    }

    // A service of a previous agent of this machine.
    private void Adopt(RunView view, long now)
    {
        var run = new Run(view.Terms) { TakenAt = now, View = view, Phase = RunPhase.Running };
        _runs.Add(view.Terms.Name, run);
        if (view.Standing == ServiceStanding.Never)
        {
            ClearThenGiveBack(run, "lost", "Its agent was killed before its start.", now);
        }
        else
        {
            LookAtRun(run, now);
        }
    }

    private void SendStop(Run run)
    {
        if (run.StopSeconds is { } seconds && !run.IsStopSent && run.Phase == RunPhase.Running
            && run.View?.IsStopped != true)
        {
            run.IsStopSent = true;
            _effects.Add(new StopEffect(run, seconds));
        }
    }

    private void SendReport(Run run)
    {
        if (!run.IsReportSent)
        {
            run.IsReportSent = true;
            _effects.Add(new ReportEffect(run));
        }
    }

    // The daemon first ends the remaining processes of the tree; the wait for that has a limit.
    private void SendDelete(Run run, bool isForced = false)
    {
        if (run.IsDeleteSent)
        {
            return;
        }

        if (run.View?.Standing is ServiceStanding.Up or ServiceStanding.Waiting)
        {
            if (run.View.IsStopped)
            {
                return;
            }

            _effects.Add(new StopEffect(run, LateGrace));
        }
        else if (isForced || run.View is not { Standing: ServiceStanding.Down, IsEmpty: false, Failure: null })
        {
            run.IsDeleteSent = true;
            _effects.Add(new DeleteEffect(run));
        }
    }
}
