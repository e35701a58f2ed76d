using Daemonproxy.Kernel.SignalSafe;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// Ends a read(2) or write(2) that sleeps. While the guard is armed, a timer sends a signal to this thread each
/// millisecond; its handler does nothing, and as it has no SA_RESTART, the call returns what it has done so far, or
/// EINTR (signal(7)). The timer repeats, since the first signal may come before the call. timer_create(2): the kernel
/// deletes the timer at execve(2), and a child does not inherit it.
/// </summary>
internal static unsafe class BlockedCallTimer
{
    // The C library and the runtime use the first real-time signals, and debuggers the last one.
    public const int GuardSignal = 63;
    private const int SIGEV_THREAD_ID = 4;
    private const int IntervalNanoseconds = 1_000_000;

    private static int s_timer = -1;

    /// <summary>
    /// Once the handlers of signals are in place, and the mask is empty. Where the kernel refuses the timer, the guard
    /// does nothing.
    /// </summary>
    public static void Install()
    {
        delegate*<int, void> handler = &SignalEntries.OnUnwanted;
        SignalHandlers.Handle(GuardSignal, (void*)handler, flags: 0);
        KernelSigevent notification = default;
        notification.Signal = GuardSignal;
        notification.Notify = SIGEV_THREAD_ID;

        // The main thread's ID is the process's.
        notification.Thread = SignalSafeCalls.getpid();
        int timer;
        s_timer = NativeMethods.CreateTimer(SignalSafeCalls.CLOCK_MONOTONIC, &notification, &timer) < 0 ? -1 : timer;
    }

    public static void Arm() => Set(IntervalNanoseconds);

    public static void Disarm() => Set(0);

    private static void Set(int nanoseconds)
    {
        if (s_timer < 0)
        {
            return;
        }

        timespec* interval = stackalloc timespec[2];
        interval[0].tv_sec = 0;
        interval[0].tv_nsec = nanoseconds;
        interval[1] = interval[0];
        NativeMethods.SetTimer(s_timer, interval);
    }

    // The kernel's struct sigevent, 64 bytes on x64 and arm64.
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Size = 64)]
    private struct KernelSigevent
    {
        public nint Value;
        public int Signal;
        public int Notify;
        public int Thread;
    }
}
