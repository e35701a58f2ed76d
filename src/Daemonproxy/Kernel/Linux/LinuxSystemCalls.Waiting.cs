using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>Waiting: epoll(7).</summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    /// <summary>The most events of one epoll_pwait(2); the next wait returns the rest.</summary>
    private const int MostEvents = 256;

    /// <summary>
    /// When nothing has happened for so long, the code and constants that the work before it needed are given back. An
    /// active controller does not notice; short enough that an observer of an idle daemon sees it asleep.
    /// </summary>
    private const int QuietMilliseconds = 250;

    /// <summary>
    /// The pages of the crash handler and of the wait are locked when the first services have been made: when nothing
    /// happens for the first time, or after so many waits.
    /// </summary>
    private const int WaitsBeforeLocking = 256;

    private int _waitsBeforeLocking = WaitsBeforeLocking;

    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>The size of struct signalfd_siginfo, and how many are read after one wait.</summary>
    private const int SignalRecordBytes = 128;
    private const int DroppedAtOnce = 16;

    /// <summary>The number of readable bytes, ioctl_tty(2), tcp(7), unix(7), pipe(7).</summary>
    private const nuint FIONREAD = 0x541B;

    private static readonly PollToken s_droppedToken = new(PollTokenKind.Signals, 1, 0);

    public override Errno SetPollInterest(FdNumber fd, PollInterest interest, PollToken token, bool again)
    {
        epoll_event wanted;
        wanted.events = ((interest & PollInterest.Read) != 0 ? EPOLLIN : 0)
            | ((interest & PollInterest.Write) != 0 ? EPOLLOUT : 0)
            | ((interest & PollInterest.Edge) != 0 ? EPOLLET : 0);
        wanted.data.u64 = token.Packed;
        int operation = again ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
        return NativeMethods.epoll_ctl(_epoll.Value, operation, fd.Value, &wanted) < 0
            ? SignalSafeCalls.LastError : Errno.None;
    }

    public override void RemovePollInterest(FdNumber fd)
    {
        // Kernels before 2.6.9 want an event even here; ours are younger, but it costs nothing to be right.
        epoll_event unused;
        _ = NativeMethods.epoll_ctl(_epoll.Value, EPOLL_CTL_DEL, fd.Value, &unused);
    }

    // If only a hang-up makes it readable, that is the end of the input. A listening socket has no count (EINVAL), and
    // no data either once it is shut down.
    public override bool HasInput(FdNumber fd)
    {
        pollfd asked = new() { fd = fd.Value, events = (short)(POLLIN | POLLRDHUP) };
        if (NativeMethods.poll(&asked, 1, 0) <= 0 || (asked.revents & POLLIN) == 0)
        {
            return false;
        }

        int bytes = 0;
        return (asked.revents & (POLLHUP | POLLRDHUP)) == 0
            || (NativeMethods.ioctl(fd.Value, FIONREAD, (nint)(&bytes)) == 0 && bytes > 0);
    }

    public override int Wait(Span<ReadyDescriptor> ready, Instant now, Instant deadline)
    {
        int most = Math.Min(ready.Length, MostEvents);
        deadline = _isSweepPutOff && _nextSweep < deadline.Nanoseconds ? new Instant(_nextSweep) : deadline;
        int count = WaitForEvents(most, Milliseconds(now, deadline));
        if (count < 0)
        {
            Assertion.Require(RawCalls.ReasonOf(count) == Errno.EINTR);
            TakeWake();
            return 0;
        }

        int found = 0;
        for (int at = 0; at < count; at++)
        {
            int events = _events[at].events;
            PollToken token = PollToken.Unpack(_events[at].data.u64);
            if (token == s_droppedToken)
            {
                ReadDroppedSignals();
                continue;
            }

            if (token == s_groupsToken)
            {
                ReadGroupNotices();
                continue;
            }

            if (token.Kind == PollTokenKind.Signals)
            {
                TakeWake();
                continue;
            }

            ready[found++] = new ReadyDescriptor(
                token, (events & EPOLLIN) != 0, (events & EPOLLOUT) != 0, (events & (EPOLLERR | EPOLLHUP)) != 0);
        }

        return found;
    }

    // The code and constants of the last turns are given back when the work is over: one wake-up after a burst of
    // turns, none later, since a daemon with nothing to do stays in here.
    private int WaitForEvents(int most, int milliseconds)
    {
        bool isLong = milliseconds is < 0 or > QuietMilliseconds;
        int first = isLong ? QuietMilliseconds : milliseconds;
        int count = _constants.Wait(_epoll.Value, _events, most, first);
        if (_waitsBeforeLocking > 0 && ((count == 0 && isLong) || --_waitsBeforeLocking == 0))
        {
            LockPages();
        }

        if (count != 0 || !isLong)
        {
            return count;
        }

        int left = milliseconds < 0 ? milliseconds : milliseconds - QuietMilliseconds;
        return _constants.GiveBackAndWait(_epoll.Value, _events, most, left);
    }

    private void LockPages()
    {
        _waitsBeforeLocking = 0;
        CrashHandler.LockPages();
        _ = mlock(_constants.WaitPage, (int)MappedMemory.PageBytes);
    }

    // Resets the wake-up of a handler, which would also end the next wait.
    private void TakeWake()
    {
        ulong wakes;
        _ = NativeMethods.read(_wake.Value, &wakes, sizeof(ulong));
    }

    // signalfd(2): one struct signalfd_siginfo for each; what is left is read after the next wait.
    private void ReadDroppedSignals()
    {
        byte* records = stackalloc byte[DroppedAtOnce * SignalRecordBytes];
        nint bytes = NativeMethods.read(_droppedSignals.Value, records, DroppedAtOnce * SignalRecordBytes);
        for (nint at = 0; at < bytes; at += SignalRecordBytes)
        {
            _taken |= 1UL << (*(int*)(records + at) - 1);
        }
    }

    // Rounded up: a wait that ended a little before the deadline would be followed by a turn for nothing.
    private static int Milliseconds(Instant now, Instant deadline)
    {
        if (deadline == Instant.Never)
        {
            return -1;
        }

        if (deadline <= now)
        {
            return 0;
        }

        long nanoseconds = deadline.Nanoseconds - now.Nanoseconds;
        long milliseconds = ((nanoseconds - 1) / NanosecondsPerMillisecond) + 1;
        return (int)Math.Min(milliseconds, int.MaxValue);
    }
}
