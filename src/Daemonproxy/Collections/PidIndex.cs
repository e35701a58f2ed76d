using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Collections;

/// <summary>
/// Finds the service of a running process: open addressing with the PID itself as hash, since the kernel hands PIDs out
/// one after the other, so that those in use share cache lines and pages. Only as much of the table is used as there
/// are processes: else PIDs, as they go up, would touch page after page of it.
/// </summary>
internal sealed class PidIndex
{
    // One page of entries.
    private const int FirstSize = 512;
    private readonly FixedArray<Entry> _entries;
    private int _mask;
    private int _count;

    /// <summary>For at most so many processes.</summary>
    public PidIndex(SystemCalls kernel, int count)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count * 2);
        _entries = new FixedArray<Entry>(kernel, size);
        _mask = System.Math.Min(size, FirstSize) - 1;
    }

    /// <summary>The service that runs as this process, or -1.</summary>
    public int Find(Pid pid)
    {
        for (int at = pid.Value & _mask; _entries[at].Pid != 0; at = (at + 1) & _mask)
        {
            if (_entries[at].Pid == pid.Value)
            {
                return _entries[at].Service;
            }
        }

        return -1;
    }

    public void Add(Pid pid, int service)
    {
        _count++;
        if (_count * 2 > _mask + 1)
        {
            Grow();
        }

        Place(new Entry { Pid = pid.Value, Service = service });
    }

    public void Remove(Pid pid)
    {
        int at = pid.Value & _mask;
        while (_entries[at].Pid != pid.Value)
        {
            if (_entries[at].Pid == 0)
            {
                return;
            }

            at = (at + 1) & _mask;
        }

        // Close the gap: an entry further on may have wanted this place.
        for (int next = (at + 1) & _mask; _entries[next].Pid != 0; next = (next + 1) & _mask)
        {
            int wanted = _entries[next].Pid & _mask;
            if (((next - wanted) & _mask) >= ((next - at) & _mask))
            {
                _entries[at] = _entries[next];
                at = next;
            }
        }

        _entries[at] = default;
        _count--;
    }

    private void Place(Entry entry)
    {
        int at = entry.Pid & _mask;
        while (_entries[at].Pid != 0)
        {
            at = (at + 1) & _mask;
        }

        _entries[at] = entry;
    }

    // Each entry is taken out and placed again, beginning after a gap: then all before it are in place already.
    private void Grow()
    {
        int old = _mask;
        int gap = 0;
        while (_entries[gap].Pid != 0)
        {
            gap++;
        }

        _mask = (2 * old) + 1;
        for (int step = 1; step <= old; step++)
        {
            ref Entry place = ref _entries[(gap + step) & old];
            Entry entry = place;
            place = default;
            if (entry.Pid != 0)
            {
                Place(entry);
            }
        }
    }

    private struct Entry
    {
        public int Pid;
        public int Service;
    }
}
