using System;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Jobs.Running;

/// <summary>Counts what is under way, so that an end can wait for it.</summary>
internal sealed class TaskCounter
{
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1;

    /// <summary>Runs something on the thread pool. It must not throw.</summary>
    public void Run(Func<Task> work)
    {
        Interlocked.Increment(ref _count);
        _ = Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            finally
            {
                Leave();
            }
        });
    }

    /// <summary>Waits until nothing is under way, or the time is over.</summary>
    public async Task WaitAsync(TimeSpan limit)
    {
        Leave();
        await _none.Task.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _none.TrySetResult();
        }
    }
}
