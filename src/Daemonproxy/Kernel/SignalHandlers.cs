using System.Threading;

namespace Daemonproxy.Kernels;

/// <summary>Handlers for the signals that do not kill, sigaction(2). What they do is in Bare/.</summary>
internal static unsafe partial class SignalHandlers
{
    /// <summary>
    /// Once, before any other handler: the eventfd that ends a wait. From here on, what would outgrow RLIMIT_FSIZE (the
    /// image, which is a file to the kernel, or the log) is refused with EFBIG, and does not kill.
    /// </summary>
    public static void Prepare(FdNumber wake)
    {
        s_wake = wake.Value;
        Handle(Signal.SIGXFSZ, &OnUnwanted, Native.SA_RESTART);
    }

    /// <summary>
    /// Counts these signals from here on, wakes for SIGCHLD, and swallows SIGPIPE and SIGALRM. Then the mask is
    /// emptied, of what was inherited and of what the crash handler blocked; what was pending is counted before this
    /// returns.
    /// </summary>
    public static void Install(SignalCounts* ledger, SignalSet counted)
    {
        s_ledger = ledger;
        for (int number = 1; number < 64; number++)
        {
            if (counted.Contains(new Signal(number)))
            {
                Handle(number, &OnCounted, Native.SA_RESTART);
            }
        }

        delegate*<int, void*, void*, void> onChild = &OnChild;
        Handle(Signal.SIGCHLD, (void*)onChild, Native.SA_RESTART | Native.SA_SIGINFO);
        Handle(Signal.SIGPIPE, &OnUnwanted, Native.SA_RESTART);
        Handle(Signal.SIGALRM, &OnUnwanted, Native.SA_RESTART);
        Bare.ChangeMask(Bare.SIG_SETMASK, 0, null);
    }

    public static bool TakeChildNotice() => Interlocked.Exchange(ref s_childNotice, 0) != 0;

    /// <summary>
    /// The next process that a SIGCHLD named; false when there is none. Not all that ended are named, since a signal
    /// that comes while another one of its number waits is dropped, and not all that are named have ended.
    /// </summary>
    public static bool TryTakeNamed(out Pid pid)
    {
        pid = default;
        while (pid.IsNone && s_named.Taken != Volatile.Read(ref s_named.Count))
        {
            // Those that were written over before they were taken are lost, as dropped signals are.
            uint behind = (uint)(Volatile.Read(ref s_named.Count) - s_named.Taken);
            s_named.Taken += behind > MostNamed ? (int)(behind - MostNamed) : 0;
            fixed (int* named = s_named.Pids)
            {
                pid = new Pid(Interlocked.Exchange(ref named[(uint)s_named.Taken++ % MostNamed], 0));
            }
        }

        return !pid.IsNone;
    }

    /// <summary>
    /// Puts a handler in place; while it runs all signals but the fatal ones wait. Children get the default.
    /// </summary>
    public static void Handle(int signal, void* handler, int flags)
    {
        Sigaction action = default;
        action.Handler = handler;
        action.Flags = flags;
        action.Mask[0] = ~CrashHandler.FatalSignals;
        int result = Native.sigaction(signal, &action, null);
        Verify.That(result == 0);
        Launcher.ResetInChild(signal);
    }

    private static void Handle(int signal, delegate*<int, void> handler, int flags) =>
        Handle(signal, (void*)handler, flags);
}
