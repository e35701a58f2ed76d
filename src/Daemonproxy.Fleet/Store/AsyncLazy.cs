using System;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Fleet.Store;

/// <summary>
/// A value that the first caller makes and all others share. A failure is not kept: the next caller tries again.
/// Thread-safe.
/// </summary>
/// <param name="make">Makes the value; never runs twice at the same time.</param>
internal sealed class AsyncLazy<T>(Func<Task<T>> make)
{
    private readonly Lock _lock = new();
    private Task<T>? _task;

    /// <summary>The last attempt; null before the first one.</summary>
    public Task<T>? Current
    {
        get
        {
            lock (_lock)
            {
                return _task;
            }
        }
    }

    /// <summary>Returns the value, or waits for the attempt that is under way.</summary>
    public Task<T> GetAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_task is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _task = Task.Run(make, CancellationToken.None);
            }

            return _task.WaitAsync(cancellation);
        }
    }
}
