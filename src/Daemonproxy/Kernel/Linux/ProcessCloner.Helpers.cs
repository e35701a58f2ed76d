using System.Threading;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>Helpers: processes that share our memory and our descriptors. See SignalSafe/HelperChild.cs.</summary>
internal static unsafe partial class ProcessCloner
{
    private const long MillisecondsInSecond = 1_000;
    private const long NanosecondsInMillisecond = 1_000_000;

    // 10 ms: a file that answers has answered by then, and a start or a resume may take so much longer.
    private const long ReplacedPause = 10;

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
    public static bool TryDo(HelperPlan* plan) => TryDo(plan, isReplacing: false);

    /// <summary>
    /// Has a helper put /dev/null in the place of a standard stream, and waits until it is there, but not until the
    /// file that was there has answered. False if there is no process for it.
    /// </summary>
    public static bool TryReplace(HelperPlan* plan)
    {
        // The flag belongs to the number, and goes with the file.
        _ = SignalSafeCalls.fcntl(plan->Fds[0].Value, F_SETFD, FD_CLOEXEC);
        bool isDone = TryDo(plan, isReplacing: true) && !IsMarked(plan->Fds[0]);
        _ = isDone ? 0 : SignalSafeCalls.fcntl(plan->Fds[0].Value, F_SETFD, 0);
        return isDone;
    }

    private static bool IsMarked(FdNumber fd) => (SignalSafeCalls.fcntl(fd.Value, F_GETFD, 0) & FD_CLOEXEC) != 0;

    private static bool TryDo(HelperPlan* plan, bool isReplacing)
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

        long bound = Limits.HelperBound * MillisecondsInSecond;
        for (long waited = 0; isReplacing && IsMarked(plan->Fds[0]) && waited < bound; waited++)
        {
            if (IsGone(isThere, 1))
            {
                break;
            }
        }

        if (!IsGone(isThere, isReplacing ? ReplacedPause : bound))
        {
            _ = kill(pid, Signal.SIGKILL);
            plan->Answer.Reason = Errno.ETIMEDOUT;
        }

        if (IsGone(isThere, isReplacing ? ReplacedPause : MillisecondsInSecond))
        {
            Reap(pid);
            _ = munmap(bottom, LaunchPlan.StackBytes);
        }

        return true;
    }

    // Until a helper uses its memory no more.
    private static bool IsGone(int* isThere, long milliseconds)
    {
        const long NanosecondsInSecond = 1_000_000_000;
        long left = milliseconds * NanosecondsInMillisecond;
        long end = SignalSafeCalls.Nanoseconds() + left;
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
