using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Collections;

/// <summary>
/// Finds the service with the next deadline: a binary heap, so that a turn never visits services without work. Of equal
/// deadlines, the one armed first comes first.
/// </summary>
internal sealed class DeadlineHeap(SystemCalls kernel, int count)
{
    private readonly FixedArray<Entry> _heap = new(kernel, count);

    // The position of each service in the heap, + 1; 0 if it is not in it.
    private readonly FixedArray<int> _places = new(kernel, count);
    private int _count;
    private long _armed;

    /// <summary>The nearest deadline; never when there is none.</summary>
    public Instant Nearest => _count == 0 ? Instant.Never : _heap[0].Due;

    /// <summary>The service with the nearest deadline; none when there is none.</summary>
    public int First => _count == 0 ? -1 : _heap[0].Service;

    public void Arm(int service, Instant due)
    {
        Disarm(service);
        Place(_count, new Entry(due, _armed++, service));
        Rise(_count++);
    }

    public void Disarm(int service)
    {
        int at = _places[service] - 1;
        if (at < 0)
        {
            return;
        }

        _places[service] = 0;
        Entry last = _heap[--_count];
        if (at < _count)
        {
            Place(at, last);
            Rise(at);
            Sink(_places[last.Service] - 1);
        }
    }

    private void Place(int at, Entry entry)
    {
        _heap[at] = entry;
        _places[entry.Service] = at + 1;
    }

    private void Rise(int at)
    {
        Entry entry = _heap[at];
        while (at > 0 && entry.IsBefore(_heap[(at - 1) / 2]))
        {
            Place(at, _heap[(at - 1) / 2]);
            at = (at - 1) / 2;
        }

        Place(at, entry);
    }

    private void Sink(int at)
    {
        Entry entry = _heap[at];
        for (int child = (2 * at) + 1; child < _count; child = (2 * at) + 1)
        {
            if (child + 1 < _count && _heap[child + 1].IsBefore(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsBefore(entry))
            {
                break;
            }

            Place(at, _heap[child]);
            at = child;
        }

        Place(at, entry);
    }

    private readonly record struct Entry(Instant Due, long Order, int Service)
    {
        public bool IsBefore(in Entry other) => Due < other.Due || (Due == other.Due && Order < other.Order);
    }
}
