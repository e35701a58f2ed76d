using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Jobs.Hosting;
using Daemonproxy.Jobs.Planning;

namespace Daemonproxy.Jobs.Running;

/// <summary>Carries out the scheduler's decisions, outside of the loop; the results go back into the loop.</summary>
internal sealed partial class JobsEngine
{
    // The milliseconds after the start of a job for which the daemon keeps its descriptors.
    private const long ReleaseDelay = 1000;

    private readonly Queue<(long Due, Job Job)> _releases = new();

    private void Do(Effect effect)
    {
        if (_starter is not { } starter)
        {
            return;
        }

        Job job = effect.Job;
        string name = job.Terms.Name;
        switch (effect)
        {
            case LaunchEffect:
                Launch(starter, job);
                break;
            case StopEffect stop:
                Log.Stopping(_log, name, stop.Seconds);
                _underWay.Run(() => starter.StopAsync(name, stop.Seconds));
                break;
            case DeleteEffect:
                _underWay.Run(async () =>
                {
                    Reached?.Invoke("before-delete");
                    await starter.DeleteAsync(name).ConfigureAwait(true);
                    Reached?.Invoke("after-delete");
                    Post(() => _scheduler.EndDelete(job, SightOf(job), Moment.Now));
                });
                break;
        }
    }

    private void Launch(JobStarter starter, Job job)
    {
        JobTerms terms = job.Terms;
        var tag = new JobTag(terms.Id, job.Attempt)
        {
            Created = terms.Created,
            TimeLimit = terms.TimeLimit,
            KeepFor = terms.KeepFor,
            Queue = terms.Queue,
        };
        var order = new LaunchOrder(terms.Name, tag, terms.Tags, job.Spec);
        _underWay.Run(async () =>
        {
            Reached?.Invoke("before-launch");
            (LaunchResult result, string? reason) = await LaunchAsync(starter, order).ConfigureAwait(true);
            Reached?.Invoke("after-launch");
            Log.Launched(_log, terms.Name, tag.Attempt, result, reason);
            Post(() => EndLaunch(job, result, reason));
        });
    }

    private void EndLaunch(Job job, LaunchResult result, string? reason)
    {
        Moment now = Moment.Now;
        _scheduler.EndLaunch(job, result, reason, SightOf(job), now);
        if (result == LaunchResult.Accepted)
        {
            _releases.Enqueue((now.Milliseconds + ReleaseDelay, job));
        }
    }

    // After any failure the job must not wait for a result that never comes: the state of the daemon decides.
    private async Task<(LaunchResult Result, string? Reason)> LaunchAsync(JobStarter starter, LaunchOrder order)
    {
        try
        {
            return await starter.LaunchAsync(order).ConfigureAwait(true);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            Log.Unexpected(_log, problem);
            return (LaunchResult.Unknown, null);
        }
    }

    // Most jobs are over by then, and the end of a job closes its descriptors, too.
    private void Release(Moment now)
    {
        while (_releases.TryPeek(out (long Due, Job Job) next) && (next.Due <= now.Milliseconds || _isEnding))
        {
            _releases.Dequeue();
            if (next.Job.Phase is JobPhase.Starting or JobPhase.Running && _starter is { } starter)
            {
                _underWay.Run(() => ReleaseAsync(starter, next.Job.Terms.Name));
            }
        }
    }

    private async Task ReleaseAsync(JobStarter starter, string name)
    {
        try
        {
            await starter.ReleaseAsync(name, _closing.Token).ConfigureAwait(true);
        }
        catch (Exception problem) when (problem is OperationCanceledException or ConnectionClosedException)
        {
            // The next connection closes them.
        }
    }

    // Null if the state may be incomplete, or may be that of another daemon than the scheduler's.
    private Sight? SightOf(Job job) =>
        _state?.Whole is { } whole && IsMarked(whole, _epoch)
            ? _sight.Of(job, whole, Moment.Now)
            : null;
}
