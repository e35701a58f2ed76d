using System;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Jobs.Running;

/// <summary>Counts operations in progress, so that a shutdown can wait for them.</summary>
/// <param name="thread">The thread of the operations.</param>
internal sealed class TaskCounter(WorkThread thread)
{
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1;

    /// <summary>Runs an operation, which must not throw.</summary>
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

    /// <summary>Waits until no operation is in progress, or until the timeout.</summary>
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
