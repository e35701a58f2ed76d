using System;
using Daemonproxy.Collections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Helpers;

/// <summary>
/// Closes descriptors whose close(2) may wait, and is the only class that does: they queue for helpers. Until then the
/// number stays taken, and after a crash it is one that no record has, which a resume closes.
/// </summary>
internal sealed class DescriptorCloser : IDescriptorCloser
{
    // The kernel had no process for a helper. A try costs one system call, and no command waits for the closing.
    private const int RetrySeconds = 1;

    // More than there are records for descriptors.
    private const int Capacity = Limits.Fds + 2048;

    // Half of those of one message: with the message and what helpers have, few of a limit of 1,024.
    private const int MostBeforeSendersWait = SystemCalls.MostPassed / 2;

    private readonly SystemCalls _kernel;
    private readonly HelperTable _helpers;
    private readonly FixedArray<FdNumber> _queue;
    private int _count;
    private Instant _retry = Instant.None;

    public DescriptorCloser(SystemCalls kernel, HelperTable helpers)
    {
        _kernel = kernel;
        _helpers = helpers;
        _queue = new FixedArray<FdNumber>(kernel, Capacity);
    }

    public bool HasMuchToClose => _count > MostBeforeSendersWait;

    public bool MayHaveSlow => _helpers.MayHaveSlow;

    public void Close(FdNumber fd, FdBlocking blocking)
    {
        // A queue of all descriptors that there can be is never full.
        Assertion.Require(_count < Capacity);
        if (blocking == FdBlocking.None || (blocking == FdBlocking.Close && !_kernel.MayLinger(fd)))
        {
            _kernel.CloseKeepingStandard(fd);
        }
        else if (!_helpers.TryCloseBehind(fd))
        {
            _queue[_count++] = fd;
        }
    }

    /// <summary>When there is something to be closed, and a slot for it.</summary>
    public Instant NextTry(Instant now, bool hasSlot) =>
        _count == 0 || !hasSlot ? Instant.Never : _retry.IsNone ? now : _retry;

    /// <summary>Starts helpers for the descriptors to close.</summary>
    public void Run(Instant now)
    {
        _retry = _retry <= now ? Instant.None : _retry;
        while (_count > 0 && _retry.IsNone && _helpers.TryPrepare(HelperTask.Close, default, out HelperSlot slot))
        {
            ref HelperPlan plan = ref slot.Plan;
            plan.FdCount = Math.Min(_count, HelperPlan.FdNumbers.Most);
            _queue.Span.Slice(_count - plan.FdCount, plan.FdCount).CopyTo(plan.Fds);
            _count -= plan.FdCount;
            if (_helpers.Start(slot, HelperRecord.NoConnection) != Errno.None)
            {
                _count += plan.FdCount;
                _retry = now + new Seconds(RetrySeconds);
            }
        }
    }

    /// <summary>Handles the end of a helper: another one closes the descriptors that it did not reach.</summary>
    public void Finish(in HelperPlan plan)
    {
        for (int at = plan.FdsBegun; at < plan.FdCount; at++)
        {
            _queue[_count++] = plan.Fds[at];
        }
    }

    /// <summary>Adds the numbers that are to be closed.</summary>
    public int CollectNumbers(Span<FdNumber> into)
    {
        _queue.Span[.._count].CopyTo(into);
        return _count;
    }
}
