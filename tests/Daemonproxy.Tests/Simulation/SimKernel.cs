using System;
using System.Collections.Generic;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// The kernel that the tests run the daemon on: a virtual clock, descriptors, a tiny filesystem, processes that follow
/// their scripts, signals, and faults where asked for. Nothing here depends on real time, and once it is warm nothing
/// here allocates, so that what the daemon allocates can be measured around it.
/// </summary>
internal sealed unsafe partial class SimKernel : SystemCalls, IDisposable
{
    /// <summary>The time of the clock at the start, in seconds.</summary>
    public const long FirstSecond = 1000;
    private const long NanosecondsPerMillisecond = 1_000_000;
    private long _now = FirstSecond * Seconds.Nanoseconds;
    private SignalCounts* _ledger;
    private SignalSet _counted;
    private bool _wake;
    private bool _childNotice;

    public SimFaults Faults { get; } = new();

    /// <summary>Nanoseconds that each launch takes.</summary>
    public long LaunchTime { get; set; }

    /// <summary>The clock does not go beyond this instant while the daemon waits.</summary>
    public Instant Horizon { get; set; } = new(FirstSecond * Seconds.Nanoseconds);

    /// <summary>True if the last wait found nothing ready and nothing due up to the horizon.</summary>
    public bool IsIdle { get; private set; }

    public override Instant Now() => new(_now);

    /// <summary>So many nanoseconds pass.</summary>
    public void Pass(long nanoseconds) => _now += nanoseconds;

    /// <summary>A signal arrives at the daemon. One that is not counted does nothing.</summary>
    public void Raise(Signal signal)
    {
        if (_counted.Contains(signal) && _ledger != null)
        {
            _ledger[signal.Number].Arrived++;
            _ledger[signal.Number].Last = _now;
            _wake = true;
        }
    }

    public override void CountSignals(SignalCounts* ledger, SignalSet counted)
    {
        _ledger = ledger;
        _counted = counted;
    }

    public override bool TakeChildNotice()
    {
        bool noticed = _childNotice;
        _childNotice = false;
        if (_reapAgain.Nanoseconds <= _now)
        {
            _reapAgain = Instant.Never;
            noticed = true;
        }

        return noticed;
    }

    public override ulong TakeDroppedSignals() => 0;

    public override Errno SetPollInterest(FdNumber fd, PollInterest interest, PollToken token, bool again)
    {
        Errno fault = Faults.Enter(SimCall.Watch);
        if (fault != Errno.None)
        {
            return fault;
        }

        if (!IsOpen(fd))
        {
            return Errno.EBADF;
        }

        ref Descriptor descriptor = ref _descriptors[fd.Value];
        if (!descriptor.File!.CanBeWatched)
        {
            return Errno.EPERM;
        }

        if (again != descriptor.IsWatched)
        {
            return again ? Errno.ENOENT : Errno.EEXIST;
        }

        if (!again)
        {
            _watched.Add(fd.Value);
        }

        descriptor.IsWatched = true;
        descriptor.Interest = interest;
        descriptor.Token = token;
        descriptor.Reported = 0;
        return Errno.None;
    }

    public override void RemovePollInterest(FdNumber fd)
    {
        if (!IsOpen(fd) || !_descriptors[fd.Value].IsWatched)
        {
            throw new SimulationException("the daemon stops to watch what it does not watch");
        }

        _descriptors[fd.Value].IsWatched = false;
        _watched.Remove(fd.Value);
    }

    // The end of a stream alone is no input.
    public override bool HasInput(FdNumber fd)
    {
        SimFile? file = IsOpen(fd) ? _descriptors[fd.Value].File : null;
        return file is SimStream stream ? stream.In?.Length > 0 : file?.HasInput ?? false;
    }

    public override long CountUnread(FdNumber output, FdKind kind) =>
        IsOpen(output) && _descriptors[output.Value].File is SimStream { Out: { } waiting } ? waiting.Length : 0;

    public override int Wait(Span<ReadyDescriptor> ready, Instant now, Instant deadline)
    {
        IsIdle = false;
        deadline = Instant.Earlier(deadline, _reapAgain);
        while (true)
        {
            EndDueProcesses();
            NoteEmptyGroups();
            int count = Collect(ready);
            if (count > 0 || _wake || deadline.Nanoseconds <= _now)
            {
                _wake = false;
                return count;
            }

            long next = Math.Min(RoundedUp(deadline), NextEnd());
            if (next > Horizon.Nanoseconds)
            {
                _now = Math.Max(_now, Horizon.Nanoseconds);
                IsIdle = true;
                return 0;
            }

            _now = Math.Max(_now, next);
        }
    }

    public override void Crash(Signal signal)
    {
        _crashSignal = signal.Number;
        throw new SimulatedCrash();
    }

    // The parent waits before its child runs here, so SimWorld reports that for it.
    public override void NotifyReady()
    {
    }

    public override void Seal()
    {
    }

    public override long AllocatedSinceSeal() => 0;

    // Waiting is done in milliseconds, rounded up.
    private long RoundedUp(Instant deadline)
    {
        if (deadline == Instant.Never)
        {
            return long.MaxValue;
        }

        long wait = deadline.Nanoseconds - _now;
        long milliseconds = ((wait - 1) / NanosecondsPerMillisecond) + 1;
        return _now + (milliseconds * NanosecondsPerMillisecond);
    }

    // With EPOLLET what was reported is not reported again.
    private static bool IsNew(ref Descriptor descriptor)
    {
        int there = descriptor.File switch
        {
            SimSocket socket => socket.Pending.Count + (socket.IsBroken ? 1 : 0),
            SimStream stream => (stream.In?.Length ?? 0) + (stream.IsBroken ? 1 : 0),
            _ => 1,
        };
        bool isNew = (descriptor.Interest & PollInterest.Edge) == 0 || there > descriptor.Reported;
        descriptor.Reported = there;
        return isNew;
    }

    private int Collect(Span<ReadyDescriptor> ready)
    {
        int count = 0;
        for (int i = 0; i < _watched.Count && count < ready.Length; i++)
        {
            ref Descriptor descriptor = ref _descriptors[_watched[i]];
            SimFile file = descriptor.File!;
            bool readable = (descriptor.Interest & PollInterest.Read) != 0 && file.HasInput;
            bool writable = (descriptor.Interest & PollInterest.Write) != 0 && file.HasRoom;
            bool broken = file.IsBroken;
            if ((readable || writable || broken) && IsNew(ref descriptor))
            {
                ready[count++] = new ReadyDescriptor(descriptor.Token, readable, writable, broken);
            }
        }

        return count;
    }
}
