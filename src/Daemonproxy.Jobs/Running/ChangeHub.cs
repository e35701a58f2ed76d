using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Daemonproxy.Jobs.Running;

/// <summary>Hands changes of jobs to all subscribers; a slow one loses the oldest changes.</summary>
internal sealed class ChangeHub
{
    private const int MostWaiting = 1024;

    private readonly Lock _lock = new();
    private readonly List<Channel<JobChange>> _watchers = [];
    private bool _isEnded;

    public bool IsWatched
    {
        get
        {
            lock (_lock)
            {
                return _watchers.Count > 0;
            }
        }
    }

    public void Add(JobChange change)
    {
        lock (_lock)
        {
            _watchers.ForEach(watcher => watcher.Writer.TryWrite(change));
        }
    }

    /// <summary>The changes from now on.</summary>
    public IAsyncEnumerable<JobChange> Watch(CancellationToken cancellation)
    {
        Channel<JobChange> watcher = Channel.CreateBounded<JobChange>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            if (_isEnded)
            {
                watcher.Writer.Complete();
            }
            else
            {
                _watchers.Add(watcher);
            }
        }

        return ReadAsync(watcher, cancellation);
    }

    public void End()
    {
        lock (_lock)
        {
            _isEnded = true;
            _watchers.ForEach(static watcher => watcher.Writer.TryComplete());
            _watchers.Clear();
        }
    }

    private async IAsyncEnumerable<JobChange> ReadAsync(
        Channel<JobChange> watcher,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            await foreach (JobChange change in watcher.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(watcher);
            }
        }
    }
}
