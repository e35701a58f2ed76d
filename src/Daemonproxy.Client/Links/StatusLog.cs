using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>The sequence of states of a client. A state is kept until every reader has read it.</summary>
internal sealed class StatusLog(LinkStatus first)
{
    private Entry _last = new(first);

    public LinkStatus Current => Volatile.Read(ref _last).Status;

    /// <summary>Adds a state, unless it is the last one again. One thread at a time.</summary>
    public void Add(LinkStatus status)
    {
        Entry before = _last;
        if (before.Status != status)
        {
            Volatile.Write(ref _last, new Entry(status));
            before.Next.TrySetResult(_last);
        }
    }

    /// <summary>Returns the state at this call, and each later one, up to the end.</summary>
    public IAsyncEnumerable<LinkStatus> ReadAsync(CancellationToken cancellation) =>
        ReadAsync(Volatile.Read(ref _last), cancellation);

    private static async IAsyncEnumerable<LinkStatus> ReadAsync(
        Entry entry, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            yield return entry.Status;
            if (entry.Status.State == LinkState.Ended)
            {
                yield break;
            }

            entry = await entry.Next.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private sealed class Entry(LinkStatus status)
    {
        public LinkStatus Status { get; } = status;

        public TaskCompletionSource<Entry> Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
