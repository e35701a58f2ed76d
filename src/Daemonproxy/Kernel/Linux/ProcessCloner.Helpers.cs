using System.Threading;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>Helpers: processes that share our memory and our descriptors. See SignalSafe/HelperChild.cs.</summary>
internal static unsafe partial class ProcessCloner
{
    /// <summary>
    /// Starts a helper, and does not wait; <paramref name="pid"/> is written by the kernel itself, before the helper
    /// runs. The errors are those of clone(2), EAGAIN and ENOMEM.
    /// </summary>
    public static Errno StartHelper(HelperPlan* plan, int* pid)
    {
        int shared = plan->Task == HelperTask.ChangeDirectory ? CLONE_FILES | CLONE_FS : CLONE_FILES;
        return Clone(&HelperChild.Run, plan->StackTop, shared, plan, pid);
    }

    /// <summary>
    /// Has a helper do the task of a plan, and waits for it, but not for longer than a helper may take: then the answer
    /// is ETIMEDOUT, and the helper gets SIGKILL. False if there is no process for it.
    /// </summary>
    public static bool TryDo(HelperPlan* plan)
    {
        // Of its own: a helper in state D keeps it.
        byte* bottom = MappedMemory.ReserveAlone(LaunchPlan.StackBytes);
        if (bottom == null)
        {
            return false;
        }

        int pid = 0;
        int* isThere = (int*)bottom;
        *isThere = 1;
        plan->Answer.Reason = Errno.ETIMEDOUT;
        plan->Answer.Blocking = FdBlocking.All;
        int flags = CLONE_FILES | CLONE_CHILD_CLEARTID;
        if (Clone(&HelperChild.Run, bottom + LaunchPlan.StackBytes, flags, plan, &pid, isThere) != Errno.None)
        {
            _ = munmap(bottom, LaunchPlan.StackBytes);
            return false;
        }

        if (!IsGone(isThere, Limits.HelperBound))
        {
            _ = kill(pid, Signal.SIGKILL);
            plan->Answer.Reason = Errno.ETIMEDOUT;
        }

        if (IsGone(isThere, 1))
        {
            Reap(pid);
            _ = munmap(bottom, LaunchPlan.StackBytes);
        }

        return true;
    }

    // Until a helper uses its memory no more.
    private static bool IsGone(int* isThere, int seconds)
    {
        const long NanosecondsInSecond = 1_000_000_000;
        long end = SignalSafeCalls.Nanoseconds() + (seconds * NanosecondsInSecond);
        long left = seconds * NanosecondsInSecond;
        while (Volatile.Read(ref *isThere) != 0 && left > 0)
        {
            timespec time = default;
            time.tv_sec = (time_t)(left / NanosecondsInSecond);
            time.tv_nsec = (long_t)(left % NanosecondsInSecond);
            _ = RawCalls.AwaitChange(isThere, 1, &time);
            left = end - SignalSafeCalls.Nanoseconds();
        }

        return Volatile.Read(ref *isThere) == 0;
    }
}
