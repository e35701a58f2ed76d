using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Jobs.Outputs;
using Daemonproxy.Jobs.Planning;
using Daemonproxy.Jobs.Records;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Jobs.Running;

/// <summary>The calls of <see cref="IJobs"/>.</summary>
internal sealed partial class JobsEngine
{
    public async Task<JobInfo> StartAsync(JobRequest request, CancellationToken cancellation)
    {
        NewJob added = _requests.Read(request, DateTimeOffset.UtcNow);
        if (request.Input is not null)
        {
            await _files.KeepInputAsync(added.Job.Terms.Id, request.Input, cancellation).ConfigureAwait(false);
        }

        var caller = new TaskCompletionSource<JobInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!Post(() => Accept(added, caller)))
        {
            _files.RemoveInput(added.Job.Terms.Id);
            throw Ended();
        }

        return await caller.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public JobInfo? Find(string name) => _store.Find(name, null, _files.OutputOf);

    public JobInfo Get(string name) => Find(name) ?? throw NotFound(name);

    public JobRequest GetRequest(string name)
    {
        JobInfo job = Get(name);
        JobSpec spec = _store.FindSpec(job.Id) ?? throw NotFound(name);
        (JobRetries retries, TimeSpan keepFor) = _store.FindTerms(job.Id);
        if (!spec.HasInput)
        {
            return RequestReader.RequestOf(job, spec, keepFor, retries, input: null);
        }

        try
        {
            // Copied, since the file is removed at the end of the job.
            using var input = new FileStream(_files.OpenInput(job.Id), FileAccess.Read);
            var copy = new MemoryStream();
            input.CopyTo(copy);
            copy.Position = 0;
            return RequestReader.RequestOf(job, spec, keepFor, retries, copy);
        }
        catch (FileNotFoundException problem)
        {
            throw new JobsException(
                JobsFault.OutputGone, $"The input of '{name}' was removed at its end; it cannot be started again.",
                problem);
        }
    }

    public JobPage List(JobFilter filter) => _store.List(filter, _files.OutputOf);

    public IReadOnlyDictionary<JobStatus, int> Count() => _store.Count();

    public IAsyncEnumerable<JobChange> Watch(CancellationToken cancellation) => _changes.Watch(cancellation);

    public Task<JobInfo> WaitAsync(string name, CancellationToken cancellation)
    {
        var caller = new TaskCompletionSource<JobInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        return Post(() => Wait(name, caller))
            ? caller.Task.WaitAsync(cancellation)
            : throw Ended();
    }

    public Task StopAsync(string name, TimeSpan? grace, CancellationToken cancellation)
    {
        double seconds = Math.Ceiling((grace ?? _options.StopGrace).TotalSeconds);
        if (seconds is < 0 or > 86400)
        {
            throw new JobsException(JobsFault.BadRequest, "The time until SIGKILL must be 0 to 1 day.");
        }

        var caller = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Post(() => Stop(name, (int)seconds, caller))
            ? caller.Task.WaitAsync(cancellation)
            : throw Ended();
    }

    public Task ForgetAsync(string name, CancellationToken cancellation)
    {
        var caller = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Post(() => Forget(name, caller))
            ? caller.Task.WaitAsync(cancellation)
            : throw Ended();
    }

    public Stream OpenOutput(string name, long offset, bool follow)
    {
        if (offset < 0)
        {
            throw new JobsException(JobsFault.BadRequest, "The offset of an output must be 0 or more.");
        }

        JobInfo job = Get(name);
        SafeFileHandle? file = null;
        try
        {
            file = Kernel.KernelFiles.OpenRead(job.OutputPath);
        }
        catch (FileNotFoundException) when (job.Started is null)
        {
            // It has not run yet, or never did.
        }
        catch (FileNotFoundException problem)
        {
            throw new JobsException(JobsFault.OutputGone, $"The output of '{name}' was removed.", problem);
        }
        catch (IOException problem)
        {
            throw JobStore.FaultOf(problem);
        }

        string id = job.Id;
        bool isOver = job.IsOver;
        return new OutputStream(
            file,
            job.OutputPath,
            offset,
            _watcher,
            () => !follow || isOver || (isOver = Volatile.Read(ref _isDisposed) == 1 || IsOver(id)));
    }

    // A forgotten job prints no more, either.
    private bool IsOver(string id)
    {
        try
        {
            return _store.Find(null, id, _files.OutputOf)?.IsOver ?? true;
        }
        catch (Exception problem) when (problem is JobsException or ObjectDisposedException)
        {
            return true;
        }
    }

    private void Accept(NewJob added, TaskCompletionSource<JobInfo> caller)
    {
        JobTerms terms = added.Job.Terms;
        JobsException? refusal = Obstacle is { } obstacle
            ? new JobsException(obstacle.Fault, obstacle.Text)
            : null;
        try
        {
            if (_scheduler.Queued >= _options.MostQueued)
            {
                refusal = new JobsException(
                    JobsFault.QueueFull, $"{_options.MostQueued} jobs are waiting; no more are accepted.");
            }
            else if (_scheduler.Find(terms.Name) is not null || _store.HasName(terms.Name))
            {
                refusal = new JobsException(JobsFault.NameTaken, $"There is a job '{terms.Name}' already.");
            }
        }
        catch (JobsException problem)
        {
            refusal = problem;
        }

        if (refusal is not null)
        {
            _files.RemoveInput(terms.Id);
            caller.TrySetException(refusal);
            return;
        }

        var job = new Job(terms with { Sequence = ++_store.LastSequence }) { Spec = added.Job.Spec };
        _added.Add((added with { Job = job }, caller));
        _scheduler.Add(job, Moment.Now);
    }

    private void Wait(string name, TaskCompletionSource<JobInfo> caller)
    {
        try
        {
            // The records are read only for a job that is over: its end is recorded, or is about to be.
            Job? job = _scheduler.Find(name);
            JobInfo? known = job is { IsOver: false } ? null : Find(name);
            if (known is null && job is null)
            {
                caller.TrySetException(NotFound(name));
            }
            else if (known is { IsOver: true })
            {
                caller.TrySetResult(known);
            }
            else
            {
                string id = known?.Id ?? job!.Terms.Id;
                if (!_waiters.TryGetValue(id, out List<TaskCompletionSource<JobInfo>>? waiters))
                {
                    _waiters.Add(id, waiters = []);
                }

                // Cancelled waits are removed.
                waiters.RemoveAll(static waiter => waiter.Task.IsCompleted);
                waiters.Add(caller);
            }
        }
        catch (JobsException problem)
        {
            caller.TrySetException(problem);
        }
    }

    private void Stop(string name, int seconds, TaskCompletionSource caller)
    {
        if (_scheduler.Find(name) is { IsOver: false } job)
        {
            _scheduler.Stop(job, seconds, Moment.Now);
            _stopped.Add((job, caller));
            return;
        }

        try
        {
            caller.TrySetException(
                Find(name) is null
                    ? NotFound(name)
                    : new JobsException(JobsFault.IsOver, $"'{name}' is over."));
        }
        catch (JobsException problem)
        {
            caller.TrySetException(problem);
        }
    }

    private void Forget(string name, TaskCompletionSource caller)
    {
        try
        {
            JobInfo? job = Find(name);
            if (job is null)
            {
                caller.TrySetException(NotFound(name));
            }
            else if (!job.IsOver)
            {
                caller.TrySetException(new JobsException(
                    JobsFault.NotOver, $"'{name}' is not over: stop it first."));
            }
            else if (_forgotten.Exists(one => one.Id == job.Id) || _forgetting.Exists(one => one.Id == job.Id))
            {
                caller.TrySetException(NotFound(name));
            }
            else
            {
                _forgetting.Add((job.Id, name, caller));
            }
        }
        catch (JobsException problem)
        {
            caller.TrySetException(problem);
        }
    }

    private static JobsException NotFound(string name) =>
        new(JobsFault.NotFound, $"There is no job '{name}'.");
}
