using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Jobs.Hosting;
using Daemonproxy.Jobs.Planning;
using Daemonproxy.Jobs.Records;

namespace Daemonproxy.Jobs.Running;

/// <summary>The loop: input, transaction, actions.</summary>
internal sealed partial class JobsEngine
{
    private const int MostExpired = 200;
    private const long FirstRetry = 250;
    private const long MostRetry = 15_000;

    private readonly List<(NewJob Job, TaskCompletionSource<JobInfo> Caller)> _added = [];
    private readonly List<(Job Job, TaskCompletionSource Caller)> _stopped = [];
    private readonly List<(string Id, string Name, TaskCompletionSource? Caller)> _forgotten = [];
    private readonly List<(string Id, string Name, TaskCompletionSource? Caller)> _forgetting = [];
    private readonly Dictionary<string, List<TaskCompletionSource<JobInfo>>> _waiters = new(StringComparer.Ordinal);
    private readonly List<string> _undone = [];
    private List<Effect> _held = [];
    private bool _isEnding;
    private long _retryAt;
    private long _retryDelay = FirstRetry;
    private DateTimeOffset _nextSweep = DateTimeOffset.MinValue;

    private void Run()
    {
        List<Action> spare = [];
        bool isLast;
        do
        {
            List<Action> taken = _inbox.Take(spare, TimeUntilWake(), out isLast);
            taken.ForEach(Guard);
            taken.Clear();
            spare = taken;
            _isEnding = isLast;
            Guard(Turn);
        }
        while (!isLast);

        FailWaiters();
        _loop.SetResult();
    }

    // An unexpected fault must not end the work of all other jobs: it is logged, and the next connection reads the
    // state of the daemon again.
    private void Guard(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // As above.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            Log.Unexpected(_log, problem);
        }
    }

    private TimeSpan TimeUntilWake()
    {
        Moment now = Moment.Now;
        long record = IsRecorded ? long.MaxValue : StorageFault is null ? RecordBy : _retryAt;
        long release = _releases.TryPeek(out (long Due, Job Job) next) ? next.Due : long.MaxValue;
        long wake = Math.Min(Math.Min(_scheduler.Wake ?? long.MaxValue, record), release);
        double until = wake == long.MaxValue ? double.MaxValue : wake - now.Milliseconds;
        until = Math.Min(until, (_nextSweep - now.Wall).TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Clamp(until, 0, 3_600_000));
    }

    private bool IsRecorded => RecordBy == long.MaxValue;

    // The time of the next transaction, by the monotonic clock.
    private long RecordBy =>
        _added.Count > 0 || _forgotten.Count > 0 || _held.Count > 0 || _undone.Count > 0
            ? 0
            : _scheduler.RecordBy ?? long.MaxValue;

    private void Turn()
    {
        Moment now = Moment.Now;
        _scheduler.Tick(now);
        if (now.Wall >= _nextSweep)
        {
            Sweep(now);
        }

        ForgetCleared();
        Release(now);
        Take(_scheduler.TakeEffects());
        bool isUrgent = _added.Count > 0 || _forgotten.Count > 0 || _stopped.Count > 0;
        bool isDue = RecordBy <= (_isEnding ? long.MaxValue - 1 : now.Milliseconds);
        if (isDue && (StorageFault is null || isUrgent || now.Milliseconds >= _retryAt))
        {
            Record(now);
        }

        CompleteStops(StorageFault);
        Counts = new JobCounts(_scheduler.Queued, _scheduler.ActiveByQueue.ToDictionary());
    }

    // Immediate actions are started; the others wait for the record.
    private void Take(List<Effect> effects)
    {
        foreach (Effect effect in effects)
        {
            if (effect.NeedsRecord)
            {
                _held.Add(effect);
            }
            else
            {
                Do(effect);
            }
        }
    }

    private void Record(Moment now)
    {
        List<Job> changed = [.. _scheduler.Changed];
        try
        {
            if (changed.Count > 0 || _added.Count > 0 || _forgotten.Count > 0 || _undone.Count > 0)
            {
                Reached?.Invoke("before-record");
                _store.Write(() => WriteAll(changed));
                Reached?.Invoke("after-record");
            }
        }
        catch (JobsException problem)
        {
            NoteFault(problem, now);
            return;
        }

        if (StorageFault is not null)
        {
            Log.RecordsWorkAgain(_log);
            StorageFault = null;
        }

        _retryDelay = FirstRetry;
        _scheduler.NoteRecorded();
        List<Effect> effects = _held;
        _held = [];
        Publish(changed);
        effects.ForEach(Do);
    }

    private void WriteAll(List<Job> changed)
    {
        foreach ((NewJob job, _) in _added)
        {
            _store.Insert(job);
            if (job.Job.Phase != JobPhase.Queued && !changed.Contains(job.Job))
            {
                _store.Update(job.Job, null);
            }
        }

        foreach (Job job in changed)
        {
            _store.Update(
                job, job.IsOver ? _files.SizeOfOutput(job.Terms.Name, job.Terms.Id) : null);
        }

        foreach ((string id, _, _) in _forgotten)
        {
            _store.Delete(id);
        }

        _undone.ForEach(_store.Delete);
    }

    // Nothing is lost: unrecorded jobs stay marked as changed, and are written again. Waiting callers get the error.
    private void NoteFault(JobsException problem, Moment now)
    {
        if (StorageFault is null)
        {
            Log.RecordsFail(_log, problem, problem.Message);
        }

        StorageFault = problem;
        _retryAt = now.Milliseconds + _retryDelay;
        _retryDelay = Math.Min(_retryDelay * 2, MostRetry);
        foreach ((NewJob added, TaskCompletionSource<JobInfo> caller) in _added)
        {
            _scheduler.Withdraw(added.Job, now);
            _held.RemoveAll(effect => ReferenceEquals(effect.Job, added.Job));
            _files.RemoveInput(added.Job.Terms.Id);
            caller.TrySetException(problem);

            // The record may exist: perhaps only the sync failed.
            _undone.Add(added.Job.Terms.Id);
        }

        _added.Clear();
        Take(_scheduler.TakeEffects());
        foreach ((_, _, TaskCompletionSource? caller) in _forgotten)
        {
            caller?.TrySetException(problem);
        }

        _forgotten.Clear();
    }

    private void Publish(List<Job> changed)
    {
        foreach ((NewJob added, TaskCompletionSource<JobInfo> caller) in _added)
        {
            PublishNew(added, caller);
        }

        foreach (Job job in changed)
        {
            Guard(() => Publish(job));
        }

        foreach ((string id, string name, TaskCompletionSource? caller) in _forgotten)
        {
            _files.RemoveAll(name, id);
            Log.Forgotten(_log, name);
            caller?.TrySetResult();
            _changes.Add(new JobChange(name, null));
        }

        _added.Clear();
        _forgotten.Clear();
        _undone.Clear();
    }

    private void PublishNew(NewJob added, TaskCompletionSource<JobInfo> caller)
    {
        JobTerms terms = added.Job.Terms;
        _metrics.Accepted(terms.Queue);
        Log.Accepted(_log, terms.Name, added.Spec.Program, terms.Queue);
        JobInfo info = InfoOf(added.Job);
        caller.TrySetResult(info);
        _changes.Add(new JobChange(terms.Name, info));
    }

    private void Publish(Job job)
    {
        List<TaskCompletionSource<JobInfo>>? waiters = null;
        bool isOver = job.IsOver;
        if (isOver)
        {
            _waiters.Remove(job.Terms.Id, out waiters);
        }

        if (waiters is not null || isOver || _changes.IsWatched)
        {
            JobInfo info = InfoOf(job);
            waiters?.ForEach(waiter => waiter.TrySetResult(info));
            _changes.Add(new JobChange(job.Terms.Name, info));
            if (isOver)
            {
                NoteOver(info);
            }
        }
    }

    // The same values as in its record, without reading it.
    private JobInfo InfoOf(Job job)
    {
        JobTerms terms = job.Terms;
        return new JobInfo
        {
            Name = terms.Name,
            Id = terms.Id,
            Sequence = terms.Sequence,
            Status = job.Status,
            Program = terms.Program,
            Queue = terms.Queue,
            Tags = terms.Tags,
            Attempt = job.Attempt,
            MostAttempts = terms.Retries.Most + 1,
            Created = terms.Created,
            Started = job.Started,
            Ended = job.Ended,
            NextTry = job.NextTry,
            TimeLimit = terms.TimeLimit,
            KeptUntil = job.IsOver ? job.Ended + terms.KeepFor : null,
            Pid = job.Pid,
            ExitCode = job.ExitCode,
            Signal = job.Signal,
            Failure = job.Failure,
            Reason = job.Reason,
            Reach = job.Reach,
            IsStopAsked = job.IsStopAsked,
            OutputPath = _files.OutputOf(terms.Name, terms.Id),
            OutputSize = _files.SizeOfOutput(terms.Name, terms.Id),
        };
    }

    private void NoteOver(JobInfo job)
    {
        _files.RemoveInput(job.Id);
        _watcher.Wake(job.OutputPath);
        _metrics.Ended(job);
        Log.Ended(_log, job.Name, job.Status, EndText.Of(job));
        if (job.KeptUntil < _nextSweep)
        {
            _nextSweep = job.KeptUntil.Value;
        }
    }

    private void CompleteStops(JobsException? problem)
    {
        foreach ((Job job, TaskCompletionSource caller) in _stopped)
        {
            // The daemon has the stop, whether or not the disk has it.
            if (problem is null || job.IsStopSent)
            {
                caller.TrySetResult();
            }
            else
            {
                caller.TrySetException(problem);
            }
        }

        _stopped.Clear();
    }

    // A name is free again when the daemon has no service of it. While the daemon is away, no caller waits for that.
    private void ForgetCleared()
    {
        foreach ((string id, string name, TaskCompletionSource? caller) in _forgetting.ToList())
        {
            if (_epoch is null || _scheduler.FindById(id) is null)
            {
                _forgetting.Remove((id, name, caller));
                _forgotten.Add((id, name, caller));
            }
        }
    }

    // Removes jobs whose retention is over.
    private void Sweep(Moment now)
    {
        try
        {
            List<(string Id, string Name)> expired = _store.FindExpired(now.Wall, MostExpired);
            _forgotten.AddRange(expired
                .Where(one => _forgotten.TrueForAll(other => other.Id != one.Id))
                .Select(static one => (one.Id, one.Name, default(TaskCompletionSource))));
            DateTimeOffset next = _store.NextExpiry() ?? DateTimeOffset.MaxValue;
            _nextSweep = next > now.Wall
                ? next
                : now.Wall + (expired.Count == MostExpired ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromSeconds(1));
        }
        catch (JobsException problem)
        {
            Log.RecordsFail(_log, problem, problem.Message);
            _nextSweep = now.Wall + TimeSpan.FromMinutes(1);
        }
    }

    private void FailWaiters()
    {
        JobsException end = Ended();
        foreach (List<TaskCompletionSource<JobInfo>> waiters in _waiters.Values)
        {
            waiters.ForEach(waiter => waiter.TrySetException(end));
        }

        _waiters.Clear();
        _forgetting.ForEach(one => one.Caller?.TrySetException(end));
        _forgetting.Clear();
    }
}
