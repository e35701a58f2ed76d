using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Polling;

/// <summary>
/// Descriptors of one kind that epoll watches for input, one for each index, and those that are ready in this turn.
/// What epoll has no room to watch is to be looked at once a second.
/// </summary>
internal sealed class WatchedDescriptors(SystemCalls kernel, PollTokenKind kind, int capacity)
{
    // One turn handles no more. Others are reported again by the next wait.
    private const int MostReady = 64;

    // Short for a program that sends, and few wake-ups for us.
    private const long PauseNanoseconds = 50_000_000;

    private readonly int[] _ready = new int[MostReady];
    private readonly FixedArray<byte> _isWatched = new(kernel, capacity);
    private int _readyCount;

    /// <summary>When those that are not watched are to be looked at; never when all are.</summary>
    public Instant NextLook { get; private set; } = Instant.Never;

    /// <summary>The indexes that are ready in this turn.</summary>
    public ReadOnlySpan<int> Ready => _ready.AsSpan(0, _readyCount);

    public void MarkReady(int index)
    {
        if (_readyCount < MostReady)
        {
            _ready[_readyCount++] = index;
        }
    }

    /// <summary>Those that were ready are dealt with.</summary>
    public void ClearReady() => _readyCount = 0;

    /// <summary>True if all are to be looked at now, and watched again.</summary>
    public bool TakeLook(Instant now)
    {
        bool isDue = NextLook <= now;
        NextLook = isDue ? Instant.Never : NextLook;
        return isDue;
    }

    /// <summary>Watches a descriptor, or goes on to; false when epoll has no room.</summary>
    public bool TryWatch(int index, int generation, FdNumber fd, Instant now)
    {
        Errno errno = kernel.SetPollInterest(fd, PollInterest.Read, new PollToken(kind, generation, index), false);
        bool isWatched = errno is Errno.None or Errno.EEXIST;
        _isWatched[index] = isWatched ? (byte)1 : (byte)0;
        NextLook = isWatched ? NextLook : Instant.Earlier(NextLook, now + new Seconds(1));
        return isWatched;
    }

    /// <summary>True if epoll watches it.</summary>
    public bool IsWatched(int index) => _isWatched[index] != 0;

    /// <summary>Does not watch a descriptor for a moment: all are looked at then.</summary>
    public void PutOff(int index, FdNumber fd, Instant now)
    {
        Stop(index, fd);
        NextLook = Instant.Earlier(NextLook, new Instant(now.Nanoseconds + PauseNanoseconds));
    }

    /// <summary>To be called before the descriptor is closed.</summary>
    public void Stop(int index, FdNumber fd)
    {
        if (_isWatched[index] != 0)
        {
            _isWatched[index] = 0;
            kernel.RemovePollInterest(fd);
        }
    }
}
