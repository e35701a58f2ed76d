using System;
using System.Collections.Generic;
using System.Linq;

namespace Daemonproxy.Jobs.Planning;

/// <summary>
/// Decides the next step of each job. Its input are accepted jobs, events of the daemon, requests of callers and the
/// time; its output are changed jobs and actions. It performs no action and reads no clock, so that the same calls
/// always have the same results. Not thread-safe.
/// </summary>
/// <remarks>
/// Two rules prevent a second start. A try is recorded, with the identifier of its daemon, before its first command is
/// sent. The service of a try is removed only after its end was recorded. So a recorded try without a service in the
/// same daemon was never started; in another daemon the outcome is unknown, and the job is lost.
/// </remarks>
internal sealed partial class Scheduler(SchedulerLimits limits)
{
    // How long a service waits for the rest of its tree after the end of its process. The daemon kills the tree after 2
    // s.
    private const long MostClearing = 30_000;

    // In place of the identifier of a daemon: no daemon has started the try.
    private const string NotStarted = "-";

    // How long the record that a process runs may wait.
    private const long MostUnrecorded = 25;

    private const long FirstRefusalDelay = 200;
    private const long MostRefusalDelay = 30_000;

    private readonly Dictionary<string, Job> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Job> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JobQueue> _queues = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Job, long> _timers = new();
    private readonly HashSet<Job> _changed = [];
    private List<Effect> _effects = [];
    private long _recordBy = long.MaxValue;
    private int _active;
    private string? _epoch;

    /// <summary>All jobs that are not gone.</summary>
    public IReadOnlyCollection<Job> Jobs => _byId.Values;

    /// <summary>The number of waiting jobs.</summary>
    public int Queued { get; private set; }

    /// <summary>The number of jobs that are starting or running.</summary>
    public int Active => _queues.Values.Sum(static queue => queue.Active);

    /// <summary>The queues, with the number of their running jobs.</summary>
    public IEnumerable<KeyValuePair<string, int>> ActiveByQueue =>
        _queues.Select(static queue => KeyValuePair.Create(queue.Key, queue.Value.Active));

    /// <summary>The jobs that changed and are not recorded yet.</summary>
    public IReadOnlyCollection<Job> Changed => _changed;

    /// <summary>When to call <see cref="Tick"/> at the latest, by the monotonic clock; null for never.</summary>
    public long? Wake => _timers.TryPeek(out _, out long due) ? due : null;

    private bool IsConnected => _epoch is not null;

    /// <summary>The actions since the last call.</summary>
    public List<Effect> TakeEffects()
    {
        List<Effect> effects = _effects;
        _effects = [];
        return effects;
    }

    /// <summary>Reports that these jobs are recorded in their current state.</summary>
    public void NoteRecorded()
    {
        _changed.Clear();
        _recordBy = long.MaxValue;
    }

    /// <summary>
    /// The time at which the changed jobs have to be recorded, by the monotonic clock; null if none changed. The record
    /// that a process runs may wait for a moment, since its end often follows, and the daemon restates it in any case.
    /// </summary>
    public long? RecordBy => _changed.Count == 0 ? null : _recordBy;

    public Job? Find(string name) => _byName.GetValueOrDefault(name);

    public Job? FindById(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Adds a job: a new one, or one that an earlier process recorded.</summary>
    public void Add(Job job, Moment now)
    {
        _byId.Add(job.Terms.Id, job);
        _byName.Add(job.Terms.Name, job);
        switch (job.Phase)
        {
            case JobPhase.Queued:
                Enqueue(job, now);
                break;
            case JobPhase.Starting or JobPhase.Running:
                QueueOf(job).Active++;
                _active++;
                break;
            default:
                _active++;
                break;
        }

        Pump(now);
    }

    /// <summary>Removes a job that could not be recorded. It has not been launched.</summary>
    public void Withdraw(Job job, Moment now)
    {
        Leave(job);
        job.Phase = JobPhase.Gone;
        Forget(job);
        _changed.Remove(job);
        _effects.RemoveAll(effect => ReferenceEquals(effect.Job, job));
        Pump(now);
    }

    /// <summary>Requests the stop of a job.</summary>
    public void Stop(Job job, int seconds, Moment now)
    {
        job.IsStopAsked = true;
        job.StopSeconds = seconds;
        job.IsStopSent = false;
        Note(job);
        if (job.Phase == JobPhase.Queued)
        {
            if (!job.IsObstructed)
            {
                Leave(job);
                Finish(job, JobStatus.Stopped, now);
            }
        }
        else if (job.Phase == JobPhase.Clearing)
        {
            job.Outcome = job.IsTriedAgain ? JobStatus.Stopped : job.Outcome;
            job.IsTriedAgain = false;
            job.NextTry = null;
        }
        else if (!job.IsLaunching)
        {
            SendStop(job, seconds);
        }

        Pump(now);
    }

    /// <summary>Reports that the commands of a start have ended.</summary>
    /// <param name="job">The job.</param>
    /// <param name="result">Their result.</param>
    /// <param name="reason">A sentence about it; null if it was accepted.</param>
    /// <param name="sight">The service in the daemon now; null if unknown.</param>
    /// <param name="now">The time.</param>
    public void EndLaunch(Job job, LaunchResult result, string? reason, Sight? sight, Moment now)
    {
        job.IsLaunching = false;
        if (result == LaunchResult.Accepted)
        {
            job.IsAccepted = true;
            job.Refusals = 0;
            job.Reason = null;
        }
        else if (result != LaunchResult.Unknown && job.Phase == JobPhase.Starting)
        {
            job.Reason = reason;
            Note(job);
            if (result == LaunchResult.Impossible)
            {
                End(job, JobStatus.Failed, now, isFinal: true);
            }
            else
            {
                job.Epoch = NotStarted;
                long delay = Math.Min(FirstRefusalDelay << Math.Min(job.Refusals++, 20), MostRefusalDelay);
                job.NotBefore = now.Milliseconds + delay;
            }
        }

        Look(job, sight, now);
    }

    /// <summary>Reports that a deletion has ended.</summary>
    public void EndDelete(Job job, Sight? sight, Moment now)
    {
        job.IsDeleting = false;
        Look(job, sight, now);
    }

    /// <summary>Reports that the service of a job changed, or may have changed.</summary>
    public void Look(Job job, Sight? sight, Moment now)
    {
        if (IsConnected && sight is { } known && job.Phase != JobPhase.Gone)
        {
            See(job, known.View, now);
        }

        Pump(now);
    }

    /// <summary>Reports the whole state of the daemon.</summary>
    /// <param name="epoch">The identifier of the daemon, which lasts as long as its state.</param>
    /// <param name="views">Its services that are tries of jobs.</param>
    /// <param name="now">The time.</param>
    public void Connect(string epoch, IEnumerable<ServiceView> views, Moment now)
    {
        _epoch = epoch;
        Dictionary<string, ServiceView> byId = new(StringComparer.Ordinal);
        foreach (ServiceView view in views)
        {
            byId[view.Id] = view;
        }

        foreach (Job job in _byId.Values.OrderBy(static job => job.Terms.Sequence).ToList())
        {
            job.IsStopSent = false;
            job.IsDeleting = false;
            See(job, byId.GetValueOrDefault(job.Terms.Id), now);
        }

        Pump(now);
    }

    /// <summary>Reports that the connection to the daemon is lost.</summary>
    public void Disconnect() => _epoch = null;

    /// <summary>Handles expired times.</summary>
    public void Tick(Moment now)
    {
        while (_timers.TryPeek(out Job? job, out long due) && due <= now.Milliseconds)
        {
            _timers.Dequeue();
            Expire(job, now);
        }

        Pump(now);
    }

    // A timer may be outdated: the current deadline of the job decides.
    private void Expire(Job job, Moment now)
    {
        switch (job.Phase)
        {
            case JobPhase.Queued when job.NotBefore <= now.Milliseconds && !job.IsObstructed:
                QueueOf(job).Add(job);
                break;
            case JobPhase.Starting or JobPhase.Running
                when job.Due <= now.Milliseconds && !job.IsTimedOut && !job.IsStopAsked:
                job.IsTimedOut = true;
                Note(job);
                SendStop(job, (int)limits.StopGrace.TotalSeconds);
                break;
            case JobPhase.Clearing when job.Due <= now.Milliseconds:
                SendDelete(job);
                break;
        }
    }

    // Starts the jobs that may start.
    private void Pump(Moment now)
    {
        if (!IsConnected)
        {
            return;
        }

        while (_active < limits.Most && NextReady() is { } job)
        {
            QueueOf(job).Remove(job);
            QueueOf(job).Active++;
            Queued--;
            _active++;
            BeginTry(job);
        }
    }

    // The job that waits longest among the queues with room.
    private Job? NextReady()
    {
        Job? first = null;
        foreach (JobQueue queue in _queues.Values)
        {
            if (queue.HasRoom && queue.Next() is { } job
                && (first is null || job.Terms.Sequence < first.Terms.Sequence))
            {
                first = job;
            }
        }

        return first;
    }

    private void BeginTry(Job job)
    {
        job.Phase = JobPhase.Starting;
        job.Attempt++;
        job.Epoch = _epoch;
        job.NextTry = null;
        job.IsTriedAgain = false;
        job.IsTimedOut = false;
        job.IsStopSent = false;
        job.IsLaunching = true;
        job.IsAccepted = false;
        job.Due = null;
        job.Started = job.Ended = null;
        job.Pid = job.ExitCode = null;
        job.Signal = null;
        job.Failure = null;
        Note(job);
        _effects.Add(new LaunchEffect(job));
    }

    private void Enqueue(Job job, Moment now)
    {
        job.Phase = JobPhase.Queued;
        Queued++;
        if (job.NotBefore <= now.Milliseconds && !job.IsObstructed)
        {
            QueueOf(job).Add(job);
        }
        else if (!job.IsObstructed)
        {
            _timers.Enqueue(job, job.NotBefore);
        }
    }

    private JobQueue QueueOf(Job job)
    {
        string name = job.Terms.Queue;
        if (!_queues.TryGetValue(name, out JobQueue? queue))
        {
            queue = new JobQueue(limits.Of(name));
            _queues.Add(name, queue);
        }

        return queue;
    }

    // The job leaves its phase: the counts of that phase are reduced.
    private void Leave(Job job)
    {
        switch (job.Phase)
        {
            case JobPhase.Queued:
                QueueOf(job).Remove(job);
                Queued--;
                break;
            case JobPhase.Starting or JobPhase.Running:
                QueueOf(job).Active--;
                _active--;
                break;
            case JobPhase.Clearing:
                _active--;
                break;
        }
    }

    private void Forget(Job job)
    {
        _byId.Remove(job.Terms.Id);
        _byName.Remove(job.Terms.Name);
    }

    private void Note(Job job)
    {
        _changed.Add(job);
        _recordBy = 0;
    }

    private void NoteLater(Job job, Moment now)
    {
        _changed.Add(job);
        _recordBy = Math.Min(_recordBy, now.Milliseconds + MostUnrecorded);
    }

    private void SendStop(Job job, int seconds)
    {
        if (IsConnected && !job.IsStopSent)
        {
            job.IsStopSent = true;
            _effects.Add(new StopEffect(job, seconds));
        }
    }

    private void SendDelete(Job job)
    {
        if (IsConnected && !job.IsDeleting)
        {
            job.IsDeleting = true;
            _effects.Add(new DeleteEffect(job));
        }
    }
}
