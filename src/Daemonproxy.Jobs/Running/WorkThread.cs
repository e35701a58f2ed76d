using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Jobs.Running;

/// <summary>
/// A thread that carries out decisions: it opens files and sends commands, and continuations of answers run on it. With
/// hundreds of jobs at once this needs fewer wake-ups than pool threads, and consecutive commands are sent together.
/// </summary>
internal sealed class WorkThread : TaskScheduler
{
    private readonly object _gate = new();
    private readonly Thread _thread;
    private List<Task> _waiting = [];
    private bool _isEnded;

    public WorkThread(string name)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs an operation on this thread, including its continuations.</summary>
    public Task RunAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Ends the thread; later operations run on the pool.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            Monitor.Pulse(_gate);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            if (!_isEnded)
            {
                _waiting.Add(task);
                if (_waiting.Count == 1)
                {
                    Monitor.Pulse(_gate);
                }

                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(
            static work => work.Thread.TryExecuteTask(work.Task), (Thread: this, Task: task), preferLocal: false);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Thread.CurrentThread == _thread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _waiting];
        }
    }

    private void Run()
    {
        List<Task> spare = [];
        while (Take(spare) is { } taken)
        {
            taken.ForEach(task => TryExecuteTask(task));
            taken.Clear();
            spare = taken;
        }
    }

    // All entries; null at the end.
    private List<Task>? Take(List<Task> empty)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isEnded)
            {
                Monitor.Wait(_gate);
            }

            List<Task> taken = _waiting;
            _waiting = empty;
            return taken.Count == 0 ? null : taken;
        }
    }
}
