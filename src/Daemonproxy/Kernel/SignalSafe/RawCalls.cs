// Calls of cloned children: the conditions in SignalSafeCalls.cs hold for all of this file.
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// The system calls of a child that shares our memory and runs beside us. They return the negative errno of the kernel
/// instead of setting errno: that is one word for the child and for us, as the child has no thread area of its own.
/// </summary>
internal static unsafe class RawCalls
{
    // Set by SetPlatform, never 0 afterwards.
    private static nint s_write;
    private static nint s_close;
    private static nint s_fcntl;
    private static nint s_dup3;
    private static nint s_umask;
    private static nint s_getpid;
    private static nint s_exitGroup;
    private static nint s_execve;
    private static nint s_execveat;
    private static nint s_openat;
    private static nint s_pread64;
    private static nint s_rtSigaction;
    private static nint s_rtSigprocmask;
    private static uint s_descriptorLimit;
    private static bool s_isArm64;

    /// <summary>The number of a system call on this processor.</summary>
    public static nint Number(nint x64, nint arm64) => s_isArm64 ? arm64 : x64;

    /// <summary>A system call by its number; the negative errno on failure.</summary>
    // In raw_call.S, which is linked into the program.
    [DllImport("daemonproxy-raw", EntryPoint = "daemonproxy_raw_call"), SuppressGCTransition]
    public static extern nint Call(nint number, nint a, nint b, nint c, nint d, nint e);

    /// <summary>
    /// clone3(2) with a stack for the child, which calls <paramref name="entry"/>; the negative errno on failure.
    /// </summary>
    [DllImport("daemonproxy-raw", EntryPoint = "daemonproxy_raw_clone3"), SuppressGCTransition]
    public static extern nint Clone3(CloneArguments* arguments, nint size, delegate*<void*, int> entry, void* plan);

    /// <summary>The error of a result; none on success.</summary>
    public static Errno ReasonOf(nint result) => result < 0 ? (Errno)(-result) : Errno.None;

    /// <summary>write(2).</summary>
    public static void Write(int fd, void* bytes, nint count) =>
        Call(s_write, fd, (nint)bytes, count, 0, 0);

    /// <summary>close(2).</summary>
    public static void Close(int fd) => Call(s_close, fd, 0, 0, 0, 0);

    /// <summary>fcntl(2).</summary>
    public static nint Fcntl(int fd, int command, nint argument) =>
        Call(s_fcntl, fd, command, argument, 0, 0);

    /// <summary>dup3(2) without flags: the two numbers must differ.</summary>
    public static nint Duplicate(int from, int to) => Call(s_dup3, from, to, 0, 0, 0);

    /// <summary>umask(2).</summary>
    public static uint SetUmask(uint mask) => (uint)Call(s_umask, (nint)mask, 0, 0, 0, 0);

    /// <summary>getpid(2).</summary>
    public static int ProcessId() => (int)Call(s_getpid, 0, 0, 0, 0, 0);

    /// <summary>exit_group(2).</summary>
    public static void Exit(int code) => Call(s_exitGroup, code, 0, 0, 0, 0);

    /// <summary>execve(2); returns only on failure.</summary>
    public static nint Execute(byte* path, byte** arguments, byte** environment) =>
        Call(s_execve, (nint)path, (nint)arguments, (nint)environment, 0, 0);

    /// <summary>
    /// Executes the file that a descriptor stands for, execveat(2) (Linux 3.19); returns only on failure.
    /// </summary>
    public static nint ExecuteDescriptor(int fd, byte* empty, byte** arguments, byte** environment) =>
        Call(s_execveat, fd, (nint)empty, (nint)arguments, (nint)environment, AT_EMPTY_PATH);

    /// <summary>Opens a file to read its beginning, openat(2); below 0 on failure.</summary>
    public static int OpenToRead(byte* path) => (int)Call(
        s_openat, AT_FDCWD, (nint)path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0, 0);

    /// <summary>The same for a path below a directory.</summary>
    public static int OpenToReadAt(int directory, byte* path) => (int)Call(
        s_openat, directory, (nint)path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0, 0);

    /// <summary>getdents64(2).</summary>
    public static nint ReadDirectory(int fd, byte* into, nint bytes) =>
        Call(Number(217, 61), fd, (nint)into, bytes, 0, 0);

    /// <summary>pidfd_open(2) (Linux 5.3); below 0 on failure.</summary>
    public static int OpenProcess(int pid) => (int)Call(434, pid, 0, 0, 0, 0);

    /// <summary>pidfd_send_signal(2) (Linux 5.1).</summary>
    public static void SignalProcess(int process, int signal) => Call(424, process, signal, 0, 0, 0);

    /// <summary>kill(2).</summary>
    public static nint Kill(int pid, int signal) => Call(Number(62, 129), pid, signal, 0, 0, 0);

    /// <summary>pread(2).</summary>
    public static nint ReadAt(int fd, byte* into, nint count, long offset) =>
        Call(s_pread64, fd, (nint)into, count, (nint)offset, 0);

    /// <summary>Reads on, read(2).</summary>
    public static nint Read(int fd, byte* into, nint count) => Call(Number(0, 63), fd, (nint)into, count, 0, 0);

    /// <summary>Opens a file to write it, openat(2); below 0 on failure.</summary>
    public static int OpenToWrite(byte* path) => (int)Call(
        s_openat, AT_FDCWD, (nint)path, O_WRONLY | O_CLOEXEC | O_NOCTTY, 0, 0);

    /// <summary>The same for a path below a directory.</summary>
    public static int OpenToWriteAt(int directory, byte* path) => (int)Call(
        s_openat, directory, (nint)path, O_WRONLY | O_CLOEXEC | O_NOCTTY, 0, 0);

    /// <summary>write(2), with its answer.</summary>
    public static nint TryWrite(int fd, byte* bytes, nint count) => Call(s_write, fd, (nint)bytes, count, 0, 0);

    /// <summary>setsid(2).</summary>
    public static nint LeadSession() => Call(Number(112, 157), 0, 0, 0, 0, 0);

    /// <summary>setpgid(2) of this process, to itself.</summary>
    public static nint LeadGroup() => Call(Number(109, 154), 0, 0, 0, 0, 0);

    /// <summary>
    /// Makes a terminal the controlling one, TIOCSCTTY of ioctl_tty(2). It is taken away from another session if the
    /// daemon may do that (CAP_SYS_ADMIN), as a getty does: a shell that was left running must not block a new one.
    /// </summary>
    public static nint SetTerminal(int fd)
    {
        nint result = Call(Number(16, 29), fd, TIOCSCTTY, 0, 0, 0);
        return result == -(int)Errno.EPERM ? Call(Number(16, 29), fd, TIOCSCTTY, 1, 0, 0) : result;
    }

    /// <summary>sched_setscheduler(2).</summary>
    public static nint SetScheduler(int policy, int priority) =>
        Call(Number(144, 119), 0, policy, (nint)(&priority), 0, 0);

    /// <summary>sched_getscheduler(2) of this process.</summary>
    public static nint Scheduler() => Call(Number(145, 120), 0, 0, 0, 0, 0);

    /// <summary>sched_setaffinity(2).</summary>
    public static nint SetProcessors(ulong* mask, nint bytes) => Call(Number(203, 122), 0, bytes, (nint)mask, 0, 0);

    /// <summary>setpriority(2) of this process.</summary>
    public static nint SetNice(int nice) => Call(Number(141, 140), 0, 0, nice, 0, 0);

    /// <summary>
    /// getpriority(2) of this process, its nice value; above 20 where it is refused. The kernel returns 20 less it.
    /// </summary>
    public static nint Nice() => 20 - Call(Number(140, 141), 0, 0, 0, 0, 0);

    /// <summary>ioprio_set(2) of this process.</summary>
    public static nint SetIoPriority(int priority) => Call(Number(251, 30), 1, 0, priority, 0, 0);

    /// <summary>prlimit(2) of this process; the two numbers are those of struct rlimit.</summary>
    public static nint SetLimit(int resource, ulong* limits) =>
        Call(Number(302, 261), 0, resource, (nint)limits, 0, 0);

    /// <summary>prlimit(2) of this process, to read it.</summary>
    public static nint GetLimit(int resource, ulong* limits) =>
        Call(Number(302, 261), 0, resource, 0, (nint)limits, 0);

    /// <summary>chroot(2).</summary>
    public static nint SetRoot(byte* path) => Call(Number(161, 51), (nint)path, 0, 0, 0, 0);

    /// <summary>chdir(2).</summary>
    public static nint SetDirectory(byte* path) => Call(Number(80, 49), (nint)path, 0, 0, 0, 0);

    /// <summary>setgroups(2) of this process.</summary>
    public static nint SetGroups(uint* groups, int count) => Call(Number(116, 159), count, (nint)groups, 0, 0, 0);

    /// <summary>setresgid(2), all three.</summary>
    public static nint SetGroup(uint group) =>
        Call(Number(119, 149), (nint)group, (nint)group, (nint)group, 0, 0);

    /// <summary>setresuid(2), all three.</summary>
    public static nint SetUser(uint user) => Call(Number(117, 147), (nint)user, (nint)user, (nint)user, 0, 0);

    /// <summary>prctl(2).</summary>
    public static nint Control(int operation, nint a, nint b) => Call(Number(157, 167), operation, a, b, 0, 0);

    /// <summary>capset(2) of this process, both structures.</summary>
    public static nint SetCapabilities(void* header, void* data) =>
        Call(Number(126, 91), (nint)header, (nint)data, 0, 0, 0);

    /// <summary>capget(2) of this process.</summary>
    public static nint GetCapabilities(void* header, void* data) =>
        Call(Number(125, 90), (nint)header, (nint)data, 0, 0, 0);

    /// <summary>getppid(2).</summary>
    public static int Parent() => (int)Call(Number(110, 173), 0, 0, 0, 0, 0);

    /// <summary>Sets this process's signal mask, rt_sigprocmask(2); bit 0 is signal 1.</summary>
    public static void SetMask(ulong mask) =>
        Call(s_rtSigprocmask, SIG_SETMASK, (nint)(&mask), 0, sizeof(ulong), 0);

    /// <summary>Gives a signal its default disposition, rt_sigaction(2).</summary>
    public static void SetDefault(int signal)
    {
        KernelSigaction action;
        action.Handler = 0;
        action.Flags = 0;
        action.Restorer = 0;
        action.Mask = 0;
        Call(s_rtSigaction, signal, (nint)(&action), 0, sizeof(ulong), 0);
    }

    /// <summary>
    /// Closes the descriptors <paramref name="first"/> to <paramref name="last"/>, close_range(2) (Linux 5.9). Where
    /// there is no such call, or a filter refuses it, one by one up to the limit.
    /// </summary>
    public static void CloseRange(uint first, uint last)
    {
        const int CloseRangeNumber = 436;
        if (Call(CloseRangeNumber, (nint)first, (nint)last, 0, 0, 0) >= 0)
        {
            return;
        }

        for (uint fd = first; fd <= last && fd < s_descriptorLimit; fd++)
        {
            Close((int)fd);
        }
    }

    /// <summary>
    /// Takes a table of our own, without the descriptors from <paramref name="first"/> on: close_range(2) with
    /// CLOSE_RANGE_UNSHARE. Where there is no such call (before Linux 5.9), with all of them: unshare(2).
    /// </summary>
    public static nint LeaveFrom(uint first)
    {
        const int CloseRangeNumber = 436;
        const int CloseRangeUnshare = 2;
        uint last = uint.MaxValue;
        nint result = Call(CloseRangeNumber, (nint)first, (nint)last, CloseRangeUnshare, 0, 0);
        return result >= 0 ? result : Call(Number(272, 97), CLONE_FILES, 0, 0, 0, 0);
    }

    /// <summary>
    /// Waits while a word has a value, FUTEX_WAIT of futex(2): the negative ETIMEDOUT after the time, which may be
    /// shorter.
    /// </summary>
    public static nint AwaitChange(int* word, int value, void* time) =>
        Call(Number(202, 98), (nint)word, 0, value, (nint)time, 0);

    /// <summary>Wakes the process that waits for a word to change, FUTEX_WAKE of futex(2).</summary>
    public static void WakeFor(int* word) => Call(Number(202, 98), (nint)word, 1, 1, 0, 0);

    /// <summary>To be called before anything else here: system call numbers and the descriptor limit.</summary>
    public static void SetPlatform(bool arm64, uint descriptorLimit)
    {
        s_write = arm64 ? 64 : 1;
        s_close = arm64 ? 57 : 3;
        s_fcntl = arm64 ? 25 : 72;
        s_dup3 = arm64 ? 24 : 292;
        s_umask = arm64 ? 166 : 95;
        s_getpid = arm64 ? 172 : 39;
        s_exitGroup = arm64 ? 94 : 231;
        s_execve = arm64 ? 221 : 59;
        s_execveat = arm64 ? 281 : 322;
        s_openat = arm64 ? 56 : 257;
        s_pread64 = arm64 ? 67 : 17;
        s_rtSigaction = arm64 ? 134 : 13;
        s_rtSigprocmask = arm64 ? 135 : 14;
        s_descriptorLimit = descriptorLimit;
        s_isArm64 = arm64;
    }
}

/// <summary>The kernel's struct clone_args, as of Linux 5.7: clone3(2). Without a group, as of Linux 5.3.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CloneArguments
{
    public ulong Flags;
    public ulong PidFd;
    public int* ChildTid;
    public int* ParentTid;
    public ulong ExitSignal;
    public byte* Stack;
    public ulong StackSize;
    public ulong ThreadArea;
    public ulong SetTid;
    public ulong SetTidSize;
    public ulong Cgroup;

    /// <summary>The size without the fields that came after Linux 5.3.</summary>
    public const int FirstBytes = 64;
}
