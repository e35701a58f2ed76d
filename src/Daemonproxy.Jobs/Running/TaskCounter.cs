using System;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Jobs.Running;

/// <summary>Counts what is under way, so that an end can wait for it.</summary>
/// <param name="thread">Where it is done.</param>
internal sealed class TaskCounter(WorkThread thread)
{
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1;

    /// <summary>Runs something. It must not throw.</summary>
    public void Run(Func<Task> work)
    {
        Interlocked.Increment(ref _count);
        _ = thread.RunAsync(async () =>
        {
            try
            {
                await work().ConfigureAwait(true);
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
