using System;

namespace Daemonproxy.Jobs.Planning;

/// <summary>The scheduler's reaction to the state of a job's service in the daemon.</summary>
internal sealed partial class Scheduler
{
    private void See(Job job, ServiceView? view, Moment now)
    {
        if (view is not null && view.Attempt > job.Attempt)
        {
            Advance(job, view);
        }

        // The service belongs to an earlier try.
        bool isOld = view is not null
            && (view.Attempt < job.Attempt || job.Phase == JobPhase.Queued);
        switch (job.Phase)
        {
            case JobPhase.Queued:
                SeeQueued(job, view, now);
                break;
            case JobPhase.Starting or JobPhase.Running when job.IsLaunching:

                // Its commands are in progress, so the state of the daemon is not final. The process may run already.
                if (view is { Standing: ServiceStanding.Up or ServiceStanding.Down } && !isOld)
                {
                    SeeOwn(job, view, now);
                }

                break;
            case JobPhase.Starting or JobPhase.Running when view is null || isOld:
                SeeMissing(job, view, now);
                break;
            case JobPhase.Starting or JobPhase.Running:
                SeeOwn(job, view!, now);
                break;
            case JobPhase.Clearing:
                SeeClearing(job, view, now);
                break;
        }
    }

    // The daemon has a later try than the record: the records were restored from a copy. The daemon is right.
    private void Advance(Job job, ServiceView view)
    {
        if (job.Phase is JobPhase.Starting or JobPhase.Running && job.IsLaunching)
        {
            return;
        }

        Leave(job);
        job.IsObstructed = false;
        job.Attempt = view.Attempt;
        job.Epoch = _epoch;
        job.Phase = JobPhase.Starting;
        job.Outcome = JobStatus.Queued;
        QueueOf(job).Active++;
        _active++;
        Note(job);
    }

    private void SeeQueued(Job job, ServiceView? view, Moment now)
    {
        if (view is not null)
        {
            if (!job.IsObstructed)
            {
                QueueOf(job).Remove(job);
                job.IsObstructed = true;
            }

            RemoveOld(job, view);
        }
        else if (job.IsObstructed)
        {
            Leave(job);
            job.IsObstructed = false;
            if (job.IsStopAsked)
            {
                Finish(job, JobStatus.Stopped, now);
            }
            else
            {
                Enqueue(job, now);
            }
        }
    }

    private void RemoveOld(Job job, ServiceView view)
    {
        if (view.Standing is ServiceStanding.Up or ServiceStanding.Waiting)
        {
            SendStop(job, (int)limits.StopGrace.TotalSeconds);
        }
        else
        {
            SendDelete(job);
        }
    }

    // A try was recorded, and the daemon has no service for it.
    private void SeeMissing(Job job, ServiceView? old, Moment now)
    {
        if (old is not null)
        {
            // A service of an earlier try exists, so the recorded try cannot have been made.
            RemoveOld(job, old);
            return;
        }

        bool isKnown = job.Epoch == _epoch || job.Epoch == NotStarted;
        if (job.Phase == JobPhase.Starting && isKnown && !job.IsAccepted)
        {
            // The daemon never started this try: a service is deleted only after the end of its try was recorded.
            Leave(job);
            job.Attempt--;
            Note(job);
            if (job.IsStopAsked)
            {
                Finish(job, JobStatus.Stopped, now);
            }
            else
            {
                Enqueue(job, now);
            }

            return;
        }

        job.Reason = isKnown
            ? "Another controller deleted its service while it ran."
            : "The daemon was killed and has lost its state; the job may have run, and may still run.";
        Leave(job);
        Finish(job, JobStatus.Lost, now);
    }

    private void SeeOwn(Job job, ServiceView view, Moment now)
    {
        switch (view.Standing)
        {
            case ServiceStanding.Never when view.IsStopped || job.IsStopAsked || job.IsAccepted:
                End(job, JobStatus.Stopped, now, isFinal: true);
                SendDelete(job);
                break;
            case ServiceStanding.Never:

                // The service is incomplete and was not started. It is made anew after its deletion.
                SendDelete(job);
                break;
            case ServiceStanding.Waiting:
                SendStopIfWanted(job, view);
                break;
            case ServiceStanding.Up:
                NoteRun(job, view, now);
                SendStopIfWanted(job, view);
                break;
            case ServiceStanding.Down:
                NoteEnd(job, view, now);
                break;
        }
    }

    private void SendStopIfWanted(Job job, ServiceView view)
    {
        if ((job.IsStopAsked || job.IsTimedOut) && !view.IsStopped && !job.IsLaunching)
        {
            SendStop(job, job.IsStopAsked ? job.StopSeconds : (int)limits.StopGrace.TotalSeconds);
        }
    }

    private void NoteRun(Job job, ServiceView view, Moment now)
    {
        if (job.Phase == JobPhase.Starting)
        {
            job.Phase = JobPhase.Running;
            job.Started = now.WallAt(view.Since);
            job.Pid = view.Pid;
            job.Reach = view.Reach;
            NoteLater(job, now);
        }

        if (job.Terms.TimeLimit is { } limit && job.Due is null)
        {
            job.Due = view.Since + (long)limit.TotalMilliseconds;
            _timers.Enqueue(job, job.Due.Value);
        }
    }

    private void NoteEnd(Job job, ServiceView view, Moment now)
    {
        job.Pid = view.Pid ?? job.Pid;
        job.ExitCode = view.ExitCode;
        job.Signal = view.Signal;
        job.Failure = view.Failure;
        job.Reach = view.Reach == JobReach.Unknown ? job.Reach : view.Reach;
        job.Started = view.Failure is null ? job.Started ?? now.WallAt(view.StartedAt) : null;
        job.Ended = now.WallAt(view.Since);
        if (job.Ended < job.Started)
        {
            job.Ended = job.Started;
        }

        job.IsTimedOut |= view.IsStopped && !job.IsStopAsked && IsOverdue(job, view);
        JobStatus outcome = job switch
        {
            { IsTimedOut: true } => JobStatus.TimedOut,
            { IsStopAsked: true } when view.IsStopped => JobStatus.Stopped,
            { Failure: not null } => JobStatus.Failed,
            _ when view.IsStopped => JobStatus.Stopped,
            _ => view.ExitCode == 0 ? JobStatus.Succeeded : JobStatus.Failed,
        };
        End(job, outcome, now, isFinal: false);
        SeeClearing(job, view, now);
    }

    // An earlier process may have stopped the job at its time limit without recording that. The daemon counts in
    // seconds.
    private static bool IsOverdue(Job job, ServiceView view) =>
        job.Terms.TimeLimit is { } limit && view.Since - view.StartedAt >= limit.TotalMilliseconds - 1000;

    // The end of a try whose service the daemon may still have.
    private void End(Job job, JobStatus outcome, Moment now, bool isFinal)
    {
        Leave(job);
        job.Phase = JobPhase.Clearing;
        _active++;
        job.Outcome = outcome;
        job.Ended ??= now.Wall;
        job.IsTriedAgain = outcome is JobStatus.Failed or JobStatus.TimedOut
            && !isFinal && !job.IsStopAsked && job.Attempt <= job.Terms.Retries.Most;
        if (job.IsTriedAgain)
        {
            TimeSpan delay = job.Terms.Retries.DelayAfter(job.Attempt);
            job.NotBefore = now.Milliseconds + (long)delay.TotalMilliseconds;
            job.NextTry = now.Wall + delay;
        }

        job.Due = now.Milliseconds + MostClearing;
        _timers.Enqueue(job, job.Due.Value);
        Note(job);
    }

    private void SeeClearing(Job job, ServiceView? view, Moment now)
    {
        if (view is not null)
        {
            if (view.Standing is ServiceStanding.Up or ServiceStanding.Waiting)
            {
                SendStop(job, (int)limits.StopGrace.TotalSeconds);
            }
            else if (view.IsEmpty || view.Standing == ServiceStanding.Never || view.Failure is not null
                || job.Due <= now.Milliseconds)
            {
                SendDelete(job);
            }

            return;
        }

        if (job.IsLaunching)
        {
            return;
        }

        Leave(job);
        if (job.IsTriedAgain)
        {
            job.Due = null;
            Enqueue(job, now);
        }
        else
        {
            job.Phase = JobPhase.Gone;
            Forget(job);
        }
    }

    // The job is over and has no service.
    private void Finish(Job job, JobStatus outcome, Moment now)
    {
        job.Phase = JobPhase.Gone;
        job.Outcome = outcome;
        job.Ended ??= now.Wall;
        job.NextTry = null;
        job.IsTriedAgain = false;
        Note(job);
        Forget(job);
    }
}
