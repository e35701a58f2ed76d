using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Jobs.Planning;

namespace Daemonproxy.Jobs.Tests.Planning;

/// <summary>
/// An application around the scheduler: a disk that may be full, launches whose commands may be cut off, a connection
/// that may be lost. It does what the engine does, in the same order.
/// </summary>
internal sealed class SimApplication
{
    private readonly Random _random;
    private readonly SimDaemon _daemon;
    private readonly SchedulerLimits _limits;
    private readonly Dictionary<string, Job> _disk = new(StringComparer.Ordinal);
    private readonly List<Effect> _held = [];
    private readonly List<Job> _launches = [];
    private readonly List<Job> _added = [];
    private Scheduler _scheduler;
    private bool _isConnected;

    public SimApplication(Random random, SimDaemon daemon, SchedulerLimits limits)
    {
        _random = random;
        _daemon = daemon;
        _limits = limits;
        _scheduler = new Scheduler(limits);
    }

    /// <summary>All jobs that were accepted, as they are on the disk.</summary>
    public IReadOnlyDictionary<string, Job> Disk => _disk;

    /// <summary>A canary: the end of a try is not recorded before its service is removed.</summary>
    public bool DeletesBeforeRecording { get; init; }

    public bool IsDiskFull { get; set; }

    public bool IsTroubled { get; set; } = true;

    public void Accept(JobTerms terms, Moment now)
    {
        var job = new Job(terms);
        _added.Add(job);
        _scheduler.Add(job, now);
        Turn(now);
    }

    public void Stop(string id, Moment now)
    {
        if (_scheduler.FindById(id) is { IsOver: false } job)
        {
            _scheduler.Stop(job, 1, now);
            Turn(now);
        }
    }

    /// <summary>It is killed, and started again with what is on the disk.</summary>
    public void Crash(Moment now)
    {
        // Commands of launches that were under way may still be run, up to some point.
        foreach (Job job in _launches)
        {
            RunCommands(job.Terms.Id, job.Attempt, _random.Next(3), now);
        }

        _launches.Clear();
        _held.Clear();
        _added.Clear();
        _isConnected = false;
        _scheduler = new Scheduler(_limits);
        foreach (Job job in _disk.Values.Where(static job => !job.IsOver).OrderBy(static job => job.Terms.Sequence))
        {
            _scheduler.Add(Copy(job, now), now);
        }
    }

    public void LoseConnection(Moment now)
    {
        _isConnected = false;
        _scheduler.Disconnect();
        foreach (Job job in _launches.ToList())
        {
            // The commands ran up to some point, or not at all.
            int done = _random.Next(3);
            RunCommands(job.Terms.Id, job.Attempt, done, now);
            _launches.Remove(job);
            bool isSent = done == 2 || _random.Next(2) == 0;
            _scheduler.EndLaunch(
                job, isSent ? LaunchResult.Unknown : LaunchResult.Refused, "lost", sight: null, now);
        }

        Turn(now);
    }

    public void Connect(Moment now)
    {
        if (!_isConnected)
        {
            _isConnected = true;
            foreach (ServiceView view in _daemon.Views().ToList())
            {
                if (_scheduler.FindById(view.Id) is null)
                {
                    _daemon.Delete(view.Id);
                }
            }

            _scheduler.Connect(_daemon.Epoch, _daemon.Views(), now);
            Turn(now);
        }
    }

    /// <summary>Launches go on, and events arrive.</summary>
    public void Work(Moment now)
    {
        foreach (Job job in _launches.ToList())
        {
            if (IsTroubled && _random.Next(3) == 0)
            {
                continue;
            }

            _launches.Remove(job);
            if (IsTroubled && _random.Next(8) == 0)
            {
                RunCommands(job.Terms.Id, job.Attempt, _random.Next(2), now);
                _scheduler.EndLaunch(job, LaunchResult.Refused, "full", SightOf(job), now);
            }
            else
            {
                RunCommands(job.Terms.Id, job.Attempt, 2, now);
                _scheduler.EndLaunch(job, LaunchResult.Accepted, null, SightOf(job), now);
            }
        }

        foreach (Job job in _scheduler.Jobs.ToList())
        {
            if (!IsTroubled || _random.Next(2) == 0)
            {
                _scheduler.Look(job, SightOf(job), now);
            }
        }

        Turn(now);
    }

    public IEnumerable<Job> Unfinished => _scheduler.Jobs;

    private Sight? SightOf(Job job) => _isConnected ? new Sight(_daemon.View(job.Terms.Id)) : null;

    // 0: nothing, 1: the service is made, 2: and started.
    private void RunCommands(string id, int attempt, int steps, Moment now)
    {
        if (steps > 0)
        {
            _daemon.Make(id, attempt);
        }

        if (steps > 1)
        {
            _daemon.Start(id, attempt, now.Milliseconds);
        }
    }

    private void Turn(Moment now)
    {
        _scheduler.Tick(now);
        foreach (Effect effect in _scheduler.TakeEffects())
        {
            if (effect.NeedsRecord && !(DeletesBeforeRecording && effect is DeleteEffect))
            {
                _held.Add(effect);
            }
            else
            {
                Do(effect, now);
            }
        }

        if (IsDiskFull)
        {
            foreach (Job job in _added)
            {
                _scheduler.Withdraw(job, now);
                _held.RemoveAll(effect => effect.Job == job);
            }

            _added.Clear();
            return;
        }

        bool mayWait = _added.Count == 0 && _held.Count == 0 && _scheduler.RecordBy is null or > 0;
        if (mayWait && _random.Next(2) == 0)
        {
            return;
        }

        foreach (Job job in _added.Concat(_scheduler.Changed).Distinct())
        {
            _disk[job.Terms.Id] = Copy(job, now);
        }

        _added.Clear();
        _scheduler.NoteRecorded();
        List<Effect> effects = [.. _held];
        _held.Clear();
        effects.ForEach(effect => Do(effect, now));
    }

    private void Do(Effect effect, Moment now)
    {
        string id = effect.Job.Terms.Id;
        switch (effect)
        {
            case LaunchEffect:
                _launches.Add(effect.Job);
                break;
            case StopEffect when _isConnected:
                _daemon.Stop(id, now.Milliseconds);
                break;
            case DeleteEffect when _isConnected:
                _daemon.Delete(id);
                _scheduler.EndDelete(effect.Job, SightOf(effect.Job), now);
                break;
        }
    }

    // What a record has, and a start reads.
    private static Job Copy(Job job, Moment now) => new(job.Terms)
    {
        Phase = job.Status switch
        {
            JobStatus.Queued => JobPhase.Queued,
            JobStatus.Starting => JobPhase.Starting,
            JobStatus.Running => JobPhase.Running,
            _ => JobPhase.Gone,
        },
        Outcome = job.Outcome,
        Attempt = job.Attempt,
        Epoch = job.Epoch,
        Started = job.Started,
        Ended = job.Ended,
        ExitCode = job.ExitCode,
        NextTry = job.NextTry,
        NotBefore = job.NextTry is { } next ? now.MillisecondsAt(next) : 0,
        IsStopAsked = job.IsStopAsked,
        StopSeconds = job.StopSeconds,
        IsTimedOut = job.IsTimedOut,
    };
}
