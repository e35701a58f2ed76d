using System.Runtime.InteropServices;
using System.Threading;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// Makes processes that execute programs: clone(2) with CLONE_VM, so that a launch costs the same whatever our size.
/// The child runs beside us, on a stack of its own, until it executes: see SignalSafe/LaunchChild.cs. With CLONE_VFORK
/// we wait only for the one that goes on in the background, before the loop.
/// </summary>
internal static unsafe partial class ProcessCloner
{
    /// <summary>The most descriptors of a launch: a line of 4,096 bytes has no room for more names.</summary>
    public const int MostDescriptors = 2048;

    // Dispositions of sigaction(2), and CLONE_CLEAR_SIGHAND of clone3(2).
    private const nint Default = 0;
    private const nint Ignored = 1;
    private const ulong ClearHandlers = 0x1_0000_0000;

    // CLONE_INTO_CGROUP of clone3(2).
    private const ulong IntoGroup = 0x2_0000_0000;

    // Bit 0 is signal 1.
    private static ulong s_handled;
    private static ulong s_ignored;
    private static bool s_knowsDispositions;

    // True if the kernel resets the handlers in a child, with its first call; only ignored signals remain to be reset.
    private static bool s_clearsHandlers;
    // linux/prctl.h.
    private const int PR_GET_DUMPABLE = 3;
    private const int PR_SET_DUMPABLE = 4;

    private static byte* s_stack;
    private static byte* s_suidDumpable;
    private static int s_wasDumpable;
    private static bool s_isUndumpable;
    private static byte* s_checkStack;

    /// <summary>The plan of the check of a program; it must not move while a check runs.</summary>
    public static CheckPlan* CheckPlan { get; private set; }

    /// <summary>True if the process of an earlier check still uses the plan: not even SIGKILL has ended it.</summary>
    public static bool IsCheckPlanInUse => Volatile.Read(ref CheckPlan->IsInUse) != 0;

    /// <summary>Memory for the arguments of the check, behind its plan.</summary>
    public static byte* CheckArguments => (byte*)(CheckPlan + 1);

    /// <summary>Once, at the start: the stacks of children that are made rarely, and the plan of the check.</summary>
    /// <param name="questionBytes">The room for the arguments of a program that is asked.</param>
    public static void Prepare(int questionBytes)
    {
        s_stack = MappedMemory.Map(MappedMemory.PageBytes + LaunchPlan.StackBytes, guarded: false);
        CheckPlan = (CheckPlan*)MappedMemory.Map(sizeof(CheckPlan) + questionBytes, guarded: false);
        s_checkStack = MappedMemory.Map(MappedMemory.PageBytes + LaunchPlan.StackBytes, guarded: false);
        LaunchChild.Shell = MappedMemory.Constant("/bin/sh"u8);
        RawPathCalls.Null = MappedMemory.Constant("/dev/null"u8);
        RawPathCalls.OwnDescriptors = MappedMemory.Constant("/proc/self/fd/"u8);
        RawPathCalls.Root = MappedMemory.Constant("/"u8);
        s_suidDumpable = MappedMemory.Constant("/proc/sys/fs/suid_dumpable"u8);
        s_wasDumpable = NativeMethods.prctl(PR_GET_DUMPABLE, null, 0, 0, 0);
        ProcessScan.Proc = MappedMemory.Constant("/proc"u8);
        ChildAttributes.OomFile = MappedMemory.Constant("/proc/self/oom_score_adj"u8);
        ArgumentsFromFd.DefaultPath = MappedMemory.Constant("/bin:/usr/bin"u8);
        AccountLookup.UserFile = MappedMemory.Constant("/etc/passwd"u8);
        AccountLookup.GroupFile = MappedMemory.Constant("/etc/group"u8);
        AccountLookup.UserVariable = MappedMemory.Constant("USER="u8);
        AccountLookup.LognameVariable = MappedMemory.Constant("LOGNAME="u8);
        AccountLookup.HomeVariable = MappedMemory.Constant("HOME="u8);
        AccountLookup.ShellVariable = MappedMemory.Constant("SHELL="u8);
        PrepareMounts();
        PrepareGroups();
        s_clearsHandlers = true;
    }

    // At the first launch: most signals have a handler of ours by then, and need not be asked for.
    private static void ReadDispositions()
    {
        s_knowsDispositions = true;
        for (int signal = 1; signal <= Signal.Highest; signal++)
        {
            ulong bit = 1UL << (signal - 1);
            if ((s_handled & bit) == 0)
            {
                nint disposition = SignalSafeCalls.Disposition(signal);
                s_handled |= disposition is Default or Ignored ? 0 : bit;
                s_ignored |= disposition == Ignored ? bit : 0;
            }
        }

        NoteSignalsToReset();
    }

    private static void NoteSignalsToReset() =>
        LaunchChild.SignalsToReset = s_clearsHandlers ? s_ignored : s_ignored | s_handled;

    private static void PrepareMounts()
    {
        ChildMounts.FileSystem = MappedMemory.Constant("tmpfs"u8);
        ChildMounts.Workshop = MappedMemory.Constant("/.."u8);
        ChildMounts.HiddenFile = MappedMemory.Constant("/../hidden"u8);
        ChildMounts.NoMode = MappedMemory.Constant("mode=0"u8);
        ChildMounts.UserOption = MappedMemory.Constant(",uid="u8);
        ChildMounts.GroupOption = MappedMemory.Constant(",gid="u8);
        MountInfoLine.File = MappedMemory.Constant("/proc/self/mountinfo"u8);
        ChildDevices.Old = MappedMemory.Constant("/dev"u8);
        ChildDevices.Devices = MappedMemory.Constant("null\0zero\0full\0random\0urandom\0tty\0"u8);
        ChildDevices.Links = MappedMemory.Constant(
            "fd\0/proc/self/fd\0stdin\0fd/0\0stdout\0fd/1\0stderr\0fd/2\0ptmx\0pts/ptmx\0"u8);
        ChildDevices.Terminals = MappedMemory.Constant("pts"u8);
        ChildDevices.SharedMemory = MappedMemory.Constant("shm"u8);
        ChildDevices.Log = MappedMemory.Constant("log"u8);
        ChildDevices.ModeOfAll = MappedMemory.Constant("mode=755"u8);
        ChildDevices.ModeOfSharedMemory = MappedMemory.Constant("mode=1777"u8);
    }

    private static void PrepareGroups()
    {
        CgroupPlace.GroupFile = MappedMemory.Constant("/proc/self/cgroup"u8);
        CgroupPlace.OwnLine = MappedMemory.Constant("0::"u8);
        CgroupPlace.TypeMark = MappedMemory.Constant(" - cgroup2 "u8);
        CgroupPlace.TypeName = MappedMemory.Constant("cgroup2"u8);
        CgroupMaker.Controllers = MappedMemory.Constant("cgroup.subtree_control"u8);
        CgroupMaker.Procs = MappedMemory.Constant("cgroup.procs"u8);
        CgroupMaker.Core = MappedMemory.Constant("cgroup"u8);
        CgroupMaker.Self = MappedMemory.Constant("0"u8);
        CgroupMaker.Leaf = MappedMemory.Constant("daemonproxy"u8);
        CgroupMaker.Nothing = MappedMemory.Constant("\0"u8);
        DaemonCgroup.ProcSlash = MappedMemory.Constant("/proc/"u8);
        DaemonCgroup.StatFile = MappedMemory.Constant("stat"u8);
        CgroupTree.Events = MappedMemory.Constant("cgroup.events"u8);
        CgroupTree.Empty = MappedMemory.Constant("populated 0"u8);
        CgroupTree.Kill = MappedMemory.Constant("cgroup.kill"u8);
        CgroupTree.Yes = MappedMemory.Constant("1"u8);
        CgroupTree.CgroupFile = MappedMemory.Constant("cgroup"u8);
    }

    /// <summary>To be called for every signal that is given a handler: children get the default.</summary>
    public static void ResetInChild(int signal)
    {
        s_handled |= 1UL << (signal - 1);
        s_ignored &= ~s_handled;
        NoteSignalsToReset();
    }

    /// <summary>
    /// Launches, and does not wait; <paramref name="pid"/> is written by the kernel itself, before the child runs. The
    /// errors are those of clone(2), EAGAIN and ENOMEM.
    /// </summary>
    public static Errno Launch(LaunchPlan* plan, int* pid)
    {
        Assertion.Require(plan->DescriptorCount is >= 0 and <= MostDescriptors);
        if (plan->ChangesCredentials && !plan->HasOwnMemory)
        {
            plan->HasOwnMemory = !IsMadeUndumpable();
            s_isUndumpable |= !plan->HasOwnMemory;
        }

        return plan->Group >= 0 ? LaunchIntoGroup(plan, pid)
            : plan->HasOwnMemory
            ? CloneWith(0, &LaunchChild.RunChild, plan->StackTop, 0, plan, pid)
            : plan->LeavesHigh
            ? LaunchSharing(plan, pid)
            : Clone(&LaunchChild.RunChild, plan->StackTop, 0, plan, pid);
    }

    // Born in the group where the kernel can do that, Linux 5.7. Otherwise, or when it refuses, the child moves itself,
    // and can say what is wrong. Only a lack of processes or memory is the same both ways.
    private static Errno LaunchIntoGroup(LaunchPlan* plan, int* pid)
    {
        plan->IsBornInGroup = true;
        ulong previous;
        SignalSafeCalls.ChangeMask(SIG_SETMASK, ulong.MaxValue, &previous);
        CloneArguments arguments = new()
        {
            Flags = (uint)CLONE_PARENT_SETTID | ClearHandlers | IntoGroup,
            ParentTid = pid,
            ExitSignal = Signal.SIGCHLD,
            Stack = plan->StackTop - LaunchPlan.StackBytes,
            StackSize = LaunchPlan.StackBytes,
            Cgroup = (ulong)plan->Group,
        };
        nint child = !s_clearsHandlers ? -(int)Errno.ENOSYS
            : RawCalls.Clone3(&arguments, sizeof(CloneArguments), &LaunchChild.RunChild, plan);
        SignalSafeCalls.ChangeMask(SIG_SETMASK, previous, null);
        Errno reason = RawCalls.ReasonOf(child);
        if (reason is Errno.None or Errno.EAGAIN or Errno.ENOMEM)
        {
            return reason;
        }

        plan->IsBornInGroup = false;
        return CloneWith(0, &LaunchChild.RunChild, plan->StackTop, 0, plan, pid);
    }

    /// <summary>To be called while no launch is under way that shares our memory.</summary>
    public static void RestoreDumpable()
    {
        if (s_isUndumpable)
        {
            s_isUndumpable = false;
            _ = NativeMethods.prctl(PR_SET_DUMPABLE, (void*)(nint)s_wasDumpable, 0, 0, 0);
        }
    }

    // A child that becomes another user must not be traced by that user as long as it shares our memory. The kernel
    // ensures that, unless it is configured to leave such processes dumpable: suid_dumpable of proc_sys_fs(5).
    private static bool IsMadeUndumpable()
    {
        byte* text = stackalloc byte[2];
        int fd = RawCalls.OpenToRead(s_suidDumpable);
        nint count = fd < 0 ? 0 : RawCalls.ReadAt(fd, text, 2, 0);
        if (fd >= 0)
        {
            RawCalls.Close(fd);
        }

        return count > 0 && text[0] is (byte)'0' or (byte)'2';
    }

    // Until the child has a table of its own, no descriptor of ours may change. CLONE_CHILD_CLEARTID tells when it ends
    // before that.
    private static Errno LaunchSharing(LaunchPlan* plan, int* pid)
    {
        plan->SharesTable = 1;
        int flags = CLONE_FILES | CLONE_CHILD_CLEARTID;
        Errno reason = Clone(&LaunchChild.RunChild, plan->StackTop, flags, plan, pid, &plan->SharesTable);
        if (reason == Errno.None)
        {
            AwaitOwnTable(&plan->SharesTable, &plan->SharesTable, pid);
        }

        return reason;
    }

    // Until a child has a table of descriptors of its own, or is gone. That is its first system call, which waits for
    // no file. Only a SIGSTOP at that moment can delay it: the child is continued until it has its table, and stopped
    // again then.
    private static void AwaitOwnTable(int* sharesTable, int* isThere, int* pid)
    {
        bool isStopped = false;
        while (Volatile.Read(ref *sharesTable) != 0 && Volatile.Read(ref *isThere) != 0)
        {
            timespec time = default;
            time.tv_nsec = 10_000_000;
            bool isLate = RawCalls.AwaitChange(sharesTable, 1, &time) == -(int)Errno.ETIMEDOUT;
            if (isLate && IsStopped(*pid))
            {
                isStopped = true;
                _ = kill(*pid, Signal.SIGCONT);
            }
        }

        _ = isStopped ? kill(*pid, Signal.SIGSTOP) : 0;
    }

    // Also of a child that is traced, which its tracer holds up.
    private static bool IsStopped(int pid)
    {
        const int Options = SignalSafeCalls.WSTOPPED | SignalSafeCalls.WNOHANG;
        ReapedChild child = default;
        return SignalSafeCalls.waitid(SignalSafeCalls.P_PID, (uint)pid, &child, Options) == 0 && !child.Pid.IsNone;
    }

    /// <summary>
    /// Launches this program again, to go on with the image; the reason is that of clone(2), or what failed in the
    /// child, which is then waited for.
    /// </summary>
    public static Errno Launch(BackgroundPlan* plan, out Pid pid)
    {
        plan->FailedReason = Errno.None;
        Pid child = default;
        Errno reason = Clone(&BackgroundChild.RunSuccessor, TopOf(s_stack), CLONE_VFORK, plan, (int*)&child);
        if (reason == Errno.None && plan->FailedReason != Errno.None)
        {
            reason = plan->FailedReason;
            Reap(child.Value);
            child = default;
        }

        pid = child;
        return reason;
    }

    // The top of a stack. Its guard is the page below; few daemons ever use one of these stacks.
    private static byte* TopOf(byte* stack)
    {
        _ = mprotect(stack, (int)MappedMemory.PageBytes, 0);
        return stack + MappedMemory.PageBytes + LaunchPlan.StackBytes;
    }

    /// <summary>
    /// Launches a program that answers a <see cref="CheckPlan"/>, and does not wait. The error is that of clone(2). An
    /// error of the execution is in the plan when the process has ended.
    /// </summary>
    /// <param name="leavesHigh">True if the child leaves the high descriptors behind, as that of a launch may.</param>
    /// <param name="pid">Gets the process ID, before the child runs.</param>
    public static Errno StartCheck(bool leavesHigh, int* pid)
    {
        CheckPlan* plan = CheckPlan;
        plan->FailedReason = Errno.None;
        plan->IsInUse = 1;
        plan->SharesTable = leavesHigh ? 1 : 0;
        int flags = CLONE_CHILD_CLEARTID | (leavesHigh ? CLONE_FILES : 0);
        Errno reason = Clone(&UpgradeCheckChild.Run, TopOf(s_checkStack), flags, plan, pid, &plan->IsInUse);
        if (reason == Errno.None)
        {
            AwaitOwnTable(&plan->SharesTable, &plan->IsInUse, pid);
        }

        plan->IsInUse = reason == Errno.None ? plan->IsInUse : 0;
        return reason;
    }

    private static void Reap(int child)
    {
        while (SignalSafeCalls.waitid(SignalSafeCalls.P_PID, (uint)child, null, SignalSafeCalls.WEXITED) != 0
            && SignalSafeCalls.LastError == Errno.EINTR)
        {
        }
    }

    private static Errno Clone(
        delegate*<void*, int> entry, byte* stackTop, int flags, void* plan, int* pid, int* inUse = null) =>
        CloneWith(CLONE_VM, entry, stackTop, flags, plan, pid, inUse);

    // Without CLONE_VM, the memory of the child is a copy of ours.
    private static Errno CloneWith(
        int memory, delegate*<void*, int> entry, byte* stackTop, int flags, void* plan, int* pid, int* inUse = null)
    {
        if (!s_knowsDispositions)
        {
            ReadDispositions();
        }

        // A fault in here kills, the synchronous signals being blocked too: a handler must not run in the child.
        ulong previous;
        SignalSafeCalls.ChangeMask(SIG_SETMASK, ulong.MaxValue, &previous);
        flags |= memory | CLONE_PARENT_SETTID;
        Errno reason = s_clearsHandlers
            ? Clone3(entry, stackTop, flags, plan, pid, inUse)
            : CloneWithHandlers(entry, stackTop, flags, plan, pid, inUse);
        SignalSafeCalls.ChangeMask(SIG_SETMASK, previous, null);
        return reason;
    }

    private static Errno Clone3(
        delegate*<void*, int> entry, byte* stackTop, int flags, void* plan, int* pid, int* inUse)
    {
        CloneArguments arguments = new()
        {
            Flags = (uint)flags | ClearHandlers,
            ChildTid = inUse,
            ParentTid = pid,
            ExitSignal = Signal.SIGCHLD,
            Stack = stackTop - LaunchPlan.StackBytes,
            StackSize = LaunchPlan.StackBytes,
        };
        nint child = RawCalls.Clone3(&arguments, CloneArguments.FirstBytes, entry, plan);
        if (child >= 0)
        {
            return Errno.None;
        }

        // Before Linux 5.5, or a filter that knows only clone(2). From now on children reset each signal themselves.
        Errno reason = (Errno)(-child);
        s_clearsHandlers = reason is not (Errno.ENOSYS or Errno.EINVAL or Errno.EPERM);
        NoteSignalsToReset();
        return s_clearsHandlers ? reason : CloneWithHandlers(entry, stackTop, flags, plan, pid, inUse);
    }

    private static Errno CloneWithHandlers(
        delegate*<void*, int> entry, byte* stackTop, int flags, void* plan, int* pid, int* inUse)
    {
        int child = NativeMethods.clone(entry, stackTop, flags | Signal.SIGCHLD, plan, pid, null, inUse);
        return child < 0 ? SignalSafeCalls.LastError : Errno.None;
    }
}
