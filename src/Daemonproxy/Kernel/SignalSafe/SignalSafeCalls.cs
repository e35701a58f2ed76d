// Code in this folder runs where the runtime does not expect it: in signal handlers, whatever they interrupt, and in
// cloned children that share our memory. It works because a managed function pointer of a static method is a plain code
// address in NativeAOT, with C's calling convention for integers and pointers. The conditions, for it and all it calls:
//   - it allocates nothing and throws nothing: no new, no strings, no arrays, no lambdas, no spans;
//   - it touches no thread statics, and no static of a type with a static constructor or an initialiser;
//   - it calls imports only from the class SignalSafeCalls: each with SuppressGCTransition, linked directly
//     (DirectPInvoke), and safe in a signal handler (signal-safety(7));
//   - it takes constants and structures from Tmds.LibC, and none of its calls: they make a transition and set the last
//     error, which is a thread static;
//   - its entries are NoInlining; a handler leaves errno as it found it.
// The compiler puts a poll for a collection after every import, SuppressGCTransition or not: a load and a branch, which
// is never taken. What starting up allocates is far below the collector's first budget, and then nothing allocates.
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>The system calls that signal handlers and cloned children may make; C names, C meanings.</summary>
internal static unsafe class SignalSafeCalls
{
    public const int CLOCK_MONOTONIC = 1;
    public const int P_ALL = 0;
    public const int P_PID = 1;
    public const int WNOHANG = 1;
    public const int WSTOPPED = 2;
    public const int WEXITED = 4;

    /// <summary>The bytes of a signal set of the kernel, which glibc's functions do not pass on whole.</summary>
    private const nint MaskBytes = sizeof(ulong);

    // Never 0 once the first has been asked for: see SetPlatform.
    private static nint s_rtSigaction;
    private static nint s_rtSigprocmask;
    private static nint s_execveat;
    private static uint s_descriptorLimit;

    [DllImport("libc"), SuppressGCTransition]
    public static extern int* __errno_location();

    [DllImport("libc"), SuppressGCTransition]
    public static extern int getpid();

    [DllImport("libc"), SuppressGCTransition]
    public static extern void _exit(int code);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int clock_gettime(int clock, timespec* time);

    [DllImport("libc"), SuppressGCTransition]
    public static extern nint write(int fd, void* bytes, nint count);

    /// <summary>Only with a time of 0: it must not wait.</summary>
    [DllImport("libc"), SuppressGCTransition]
    public static extern int poll(pollfd* fds, nuint count, int milliseconds);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int close(int fd);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int dup2(int from, int to);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int fcntl(int fd, int command, nint argument);

    [DllImport("libc"), SuppressGCTransition]
    public static extern uint umask(uint mask);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int setsid();

    [DllImport("libc"), SuppressGCTransition]
    public static extern int execve(byte* path, byte** arguments, byte** environment);

    /// <summary>
    /// Waits in the last stand of a process that may not end; nothing of the runtime runs any more then.
    /// </summary>
    [DllImport("libc"), SuppressGCTransition]
    public static extern int waitid(int kind, uint id, void* info, int options);

    /// <summary>Waits as <see cref="waitid"/> does: nothing of the runtime runs any more.</summary>
    [DllImport("libc"), SuppressGCTransition]
    public static extern int nanosleep(timespec* time, timespec* rest);

    /// <summary>
    /// Raises the limits under which this program cannot be executed or start, and notes those that it raised, unless
    /// they are noted already. It leaves errno alone.
    /// </summary>
    [DllImport("daemonproxy-start"), SuppressGCTransition]
    public static extern void daemonproxy_raise_limits(SavedLimits* saved);

    [DllImport("libc", EntryPoint = "syscall"), SuppressGCTransition]
    private static extern nint syscall3(nint number, nint a, nint b, nint c);

    [DllImport("libc", EntryPoint = "syscall"), SuppressGCTransition]
    private static extern nint syscall4(nint number, nint a, nint b, nint c, nint d);

    [DllImport("libc", EntryPoint = "syscall"), SuppressGCTransition]
    private static extern nint syscall5(nint number, nint a, nint b, nint c, nint d, nint e);

    /// <summary>The errno of the last call; valid only directly after a failure.</summary>
    public static Errno LastError => (Errno)(*__errno_location());

    /// <summary>Nanoseconds of CLOCK_MONOTONIC, clock_gettime(2).</summary>
    public static long Nanoseconds()
    {
        timespec time;
        _ = clock_gettime(CLOCK_MONOTONIC, &time);
        return ((long)time.tv_sec * 1_000_000_000) + (long)time.tv_nsec;
    }

    /// <summary>
    /// Changes this thread's signal mask, rt_sigprocmask(2); bit 0 is signal 1. Not through glibc's sigprocmask, which
    /// silently leaves the signals 32 and 33 unblocked.
    /// </summary>
    public static void ChangeMask(int how, ulong mask, ulong* previous) =>
        syscall4(s_rtSigprocmask, how, (nint)(&mask), (nint)previous, MaskBytes);

    /// <summary>
    /// Sets a signal's disposition to 0 for default or 1 for ignored, rt_sigaction(2); glibc's refuses the signals 32
    /// and 33.
    /// </summary>
    public static void SetDisposition(int signal, nint disposition)
    {
        KernelSigaction action;
        action.Handler = disposition;
        action.Flags = 0;
        action.Restorer = 0;
        action.Mask = 0;
        syscall4(s_rtSigaction, signal, (nint)(&action), 0, MaskBytes);
    }

    /// <summary>The disposition of a signal: 0 for default, 1 for ignored, otherwise a handler.</summary>
    public static nint Disposition(int signal)
    {
        KernelSigaction action;
        action.Handler = 0;
        return syscall4(s_rtSigaction, signal, 0, (nint)(&action), MaskBytes) < 0 ? 0 : action.Handler;
    }

    /// <summary>
    /// Executes the file that a descriptor stands for, execveat(2) (Linux 3.19); returns only on failure.
    /// </summary>
    public static void ExecuteDescriptor(int fd, byte* empty, byte** arguments, byte** environment) =>
        syscall5(s_execveat, fd, (nint)empty, (nint)arguments, (nint)environment, AT_EMPTY_PATH);

    /// <summary>
    /// Closes the descriptors <paramref name="first"/> to <paramref name="last"/>, close_range(2) (Linux 5.9). Where
    /// there is no such call, or a filter refuses it, one by one up to the limit.
    /// </summary>
    public static void CloseRange(uint first, uint last)
    {
        const int CloseRangeNumber = 436;
        if (syscall3(CloseRangeNumber, (nint)first, (nint)last, 0) >= 0)
        {
            return;
        }

        for (uint fd = first; fd <= last && fd < s_descriptorLimit; fd++)
        {
            _ = close((int)fd);
        }
    }

    /// <summary>
    /// To be called before anything else in this folder: system call numbers and the descriptor limit.
    /// </summary>
    public static void SetPlatform(bool arm64, uint descriptorLimit)
    {
        s_rtSigaction = arm64 ? 134 : 13;
        s_rtSigprocmask = arm64 ? 135 : 14;
        s_execveat = arm64 ? 281 : 322;
        s_descriptorLimit = descriptorLimit;
        RawCalls.SetPlatform(arm64, descriptorLimit);
    }
}

/// <summary>The kernel's struct sigaction, the same on x64 and arm64; not the C library's.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelSigaction
{
    public nint Handler;
    public nuint Flags;
    public nint Restorer;
    public ulong Mask;
}
