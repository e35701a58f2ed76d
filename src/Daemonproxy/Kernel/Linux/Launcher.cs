using System.Runtime.InteropServices;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// Launches programs: clone(2) with CLONE_VM and CLONE_VFORK, on a small stack of its own, so that a launch costs the
/// same whatever our size, and the child can tell in the shared plan what failed. The parent waits for the child's
/// execve(2) or its end. What the child does is in SignalSafe/LaunchChild.cs.
/// </summary>
internal static unsafe class Launcher
{
    /// <summary>The most descriptors of a launch: a line of 4,096 bytes has no room for more names.</summary>
    public const int MostDescriptors = 2048;

    /// <summary>Enough for a few frames of a few hundred bytes; one page of it is ever touched.</summary>
    private const int StackBytes = 32 * 1024;

    private static byte* s_stackTop;

    /// <summary>Once, at the start: the child's stack, with a guard below it.</summary>
    public static void Prepare()
    {
        s_stackTop = MappedMemory.Map(StackBytes, guarded: true) + StackBytes;
        LaunchChild.Shell = MappedMemory.Constant("/bin/sh"u8);
        LaunchChild.SignalsToReset = 0;
        for (int signal = 1; signal <= Signal.Highest; signal++)
        {
            if (SignalSafeCalls.Disposition(signal) != 0)
            {
                ResetInChild(signal);
            }
        }
    }

    /// <summary>To be called for every signal that is given a handler or ignored: children get the default.</summary>
    public static void ResetInChild(int signal) => LaunchChild.SignalsToReset |= 1UL << (signal - 1);

    /// <summary>
    /// Launches; <paramref name="pid"/> is written by the kernel itself, before the child runs. The errors are those of
    /// clone(2), EAGAIN and ENOMEM; what failed in the child is in the plan.
    /// </summary>
    public static Errno Launch(LaunchPlan* plan, int* pid)
    {
        Assertion.Require(plan->DescriptorCount is >= 0 and <= MostDescriptors);
        plan->FailedStep = LaunchStep.None;
        plan->FailedReason = Errno.None;
        byte* name = plan->Arguments[0];
        Errno reason = Clone(&LaunchChild.RunChild, plan, pid);
        plan->Arguments[0] = name;
        return reason;
    }

    /// <summary>
    /// Launches this program again, to go on with the image; the reason is that of clone(2), or what failed in the
    /// child, which is then waited for.
    /// </summary>
    public static Errno Launch(SuccessorPlan* plan, out Pid pid)
    {
        plan->FailedReason = Errno.None;
        Pid child = default;
        Errno reason = Clone(&SuccessorChild.RunSuccessor, plan, (int*)&child);
        if (reason == Errno.None && plan->FailedReason != Errno.None)
        {
            reason = plan->FailedReason;
            Reap(child.Value);
            child = default;
        }

        pid = child;
        return reason;
    }

    /// <summary>
    /// Launches a program that is to say something; the reason is that of clone(2), or what failed in the child, which
    /// is then waited for.
    /// </summary>
    public static Errno StartCheck(SuccessorPlan* plan, int* pid)
    {
        plan->FailedReason = Errno.None;
        Errno reason = Clone(&SuccessorChild.RunCheck, plan, pid);
        if (reason == Errno.None && plan->FailedReason != Errno.None)
        {
            reason = plan->FailedReason;
            Reap(*pid);
            *pid = 0;
        }

        return reason;
    }

    private static void Reap(int child)
    {
        while (SignalSafeCalls.waitid(SignalSafeCalls.P_PID, (uint)child, null, SignalSafeCalls.WEXITED) != 0
            && SignalSafeCalls.LastError == Errno.EINTR)
        {
        }
    }

    private static Errno Clone(delegate*<void*, int> entry, void* plan, int* pid)
    {
        // A fault in here kills, the synchronous signals being blocked too: a handler must not run in the child.
        ulong previous;
        SignalSafeCalls.ChangeMask(SIG_SETMASK, ulong.MaxValue, &previous);
        int child = NativeMethods.clone(
            entry, s_stackTop, CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | Signal.SIGCHLD, plan, pid);
        Errno reason = child < 0 ? SignalSafeCalls.LastError : Errno.None;
        SignalSafeCalls.ChangeMask(SIG_SETMASK, previous, null);
        return reason;
    }
}
