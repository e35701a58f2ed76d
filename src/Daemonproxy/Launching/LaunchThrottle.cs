using System;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.Launching;

/// <summary>
/// The pace of launches. A new process works as hard as it can, and competes with us and with controllers for the
/// processors. So few launches are young at the same time: while a controller talks to us, one fewer than there are
/// processors, so that its answers do not wait for one; for a second after that, two for each processor; otherwise
/// eight. The controller that asks for starts does not count: it wants them more than answers. With two for each
/// processor, one of them is often without work: the kernel does not move a process that ran in the last half
/// millisecond. A lone processor always has work, so that it gains nothing from eight; and there a launch begins when
/// the one before it has executed its program: the first service runs before the second one is made.
/// </summary>
/// <remarks>
/// A launch is young until its process ends, at the latest until one millisecond after its begin if it has executed its
/// program by then, otherwise until 20 ms after. A service that works for longer, or a launch that hangs, holds up no
/// other.
/// </remarks>
/// <param name="processors">The processors that this process may use.</param>
internal sealed class LaunchThrottle(int processors)
{
    /// <summary>1 ms: what a small program needs to be loaded, to do its work and to end.</summary>
    public const long SettledNanoseconds = 1_000_000;

    /// <summary>
    /// 20 ms: a launch takes 0.2 to 1 ms, and on a busy machine it may wait for a processor, 4 ms each time.
    /// </summary>
    public const long HangingNanoseconds = 20_000_000;

    /// <summary>20 ms: a controller that asks for something every few milliseconds talks all the time.</summary>
    public const long TalkNanoseconds = 20_000_000;

    /// <summary>
    /// One second: a controller that asks for something now and then finds fewer processes that compete with it.
    /// </summary>
    public const long RecentNanoseconds = 1_000_000_000;

    private const int Nobody = -1;

    // Where more may be young, only the slots are a limit.
    private readonly YoungLaunch[] _young = new YoungLaunch[Limits.LaunchSlots];
    private readonly int _most = processors == 1 ? 2 : 8 * processors;
    private readonly int _mostAfterTalk = 2 * processors;
    private readonly int _mostInTalk = Math.Max(processors - 1, 1);

    // The active connection, and the time until which it counts as active; and that time of the previous one.
    private Instant _talkUntil = Instant.None;
    private int _talker = Nobody;
    private Instant _othersUntil = Instant.None;
    private int _starter = Nobody;
    private int _count;

    /// <summary>A connection has sent something.</summary>
    public void NoteInput(int connection, Instant now)
    {
        if (connection == _starter)
        {
            return;
        }

        if (connection != _talker)
        {
            _othersUntil = _talkUntil;
            _talker = connection;
        }

        _talkUntil = new Instant(now.Nanoseconds + TalkNanoseconds);
    }

    /// <summary>A connection has asked for a start: its own input does not hold up launches.</summary>
    public void NoteStart(int connection)
    {
        _starter = connection;
        if (connection == _talker)
        {
            _talkUntil = _othersUntil;
            _talker = Nobody;
        }
    }

    /// <summary>A connection has ended, and another one may get its number.</summary>
    public void NoteEnd(int connection)
    {
        if (connection == _starter)
        {
            _starter = Nobody;
        }
    }

    private Instant RecentUntil => new(_talkUntil.Nanoseconds + (RecentNanoseconds - TalkNanoseconds));

    /// <summary>
    /// True while a controller talks to us, and for a second after that: it is served after each process that is made.
    /// On a lone processor always: a process begins when the turn that made it is over.
    /// </summary>
    public bool IsOneByOne(Instant now) => processors == 1 || RecentUntil > now;

    /// <summary>The time from which one more launch may begin; in the past, if it may begin now.</summary>
    public Instant FreeAt(Instant now)
    {
        Settle(now);
        if (processors == 1)
        {
            foreach (ref readonly YoungLaunch launch in _young.AsSpan(0, _count))
            {
                if (!launch.IsExecuted)
                {
                    return launch.SettledAt;
                }
            }
        }

        bool isTalk = _talkUntil > now;
        if (_count < (isTalk ? _mostInTalk : IsOneByOne(now) ? _mostAfterTalk : _most))
        {
            return Instant.None;
        }

        // When talk, or the second after it, is over.
        Instant free = _count >= _most ? Instant.Never
            : isTalk && _count < _mostAfterTalk ? _talkUntil
            : RecentUntil;
        foreach (ref readonly YoungLaunch launch in _young.AsSpan(0, _count))
        {
            free = Instant.Earlier(free, launch.SettledAt);
        }

        return free;
    }

    /// <summary>The launch of a service begins.</summary>
    public void Begin(int service, Instant now)
    {
        if (_count < _young.Length)
        {
            _young[_count++] = new YoungLaunch { Service = service, Begin = now };
        }
    }

    /// <summary>The process of a service has executed its program, or could not.</summary>
    public void NoteExecuted(int service)
    {
        foreach (ref YoungLaunch launch in _young.AsSpan(0, _count))
        {
            launch.IsExecuted |= launch.Service == service;
        }
    }

    /// <summary>The process of a service has ended.</summary>
    public void End(int service)
    {
        for (int at = 0; at < _count; at++)
        {
            if (_young[at].Service == service)
            {
                Remove(at--);
            }
        }
    }

    private void Settle(Instant now)
    {
        for (int at = 0; at < _count; at++)
        {
            if (_young[at].SettledAt <= now)
            {
                Remove(at--);
            }
        }
    }

    private void Remove(int at) => _young[at] = _young[--_count];

    [StructLayout(LayoutKind.Auto)]
    private struct YoungLaunch
    {
        public int Service;
        public bool IsExecuted;
        public Instant Begin;

        public readonly Instant SettledAt =>
            new(Begin.Nanoseconds + (IsExecuted ? SettledNanoseconds : HangingNanoseconds));
    }
}
