using System.Threading;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>Handlers for the signals that do not kill, sigaction(2). What they do is in SignalSafe/.</summary>
internal static unsafe class SignalHandlers
{
    /// <summary>
    /// Once, before any other handler: the eventfd that ends a wait. From here on, what would outgrow RLIMIT_FSIZE (the
    /// image, which is a file to the kernel, or the log) is refused with EFBIG, and does not kill.
    /// </summary>
    public static void Prepare(FdNumber wake)
    {
        SignalEntries.WakeFd = wake.Value;
        Handle(Signal.SIGXFSZ, &SignalEntries.OnUnwanted, SA_RESTART);
    }

    /// <summary>
    /// Counts these signals from here on, wakes for SIGCHLD, and swallows SIGPIPE and SIGALRM. Then the mask is
    /// emptied, of what was inherited and of what the crash handler blocked; what was pending is counted before this
    /// returns.
    /// </summary>
    public static void Install(SignalCounts* ledger, SignalSet counted)
    {
        SignalEntries.Counts = ledger;
        for (int number = 1; number < 64; number++)
        {
            if (counted.Contains(new Signal(number)))
            {
                Handle(number, &SignalEntries.OnCounted, SA_RESTART);
            }
        }

        delegate*<int, void*, void*, void> onChild = &SignalEntries.OnChild;
        Handle(Signal.SIGCHLD, (void*)onChild, SA_RESTART | SA_SIGINFO);
        Handle(Signal.SIGPIPE, &SignalEntries.OnUnwanted, SA_RESTART);
        Handle(Signal.SIGALRM, &SignalEntries.OnUnwanted, SA_RESTART);
        SignalSafeCalls.ChangeMask(SIG_SETMASK, 0, null);
    }

    public static bool TakeChildNotice() => Interlocked.Exchange(ref SignalEntries.ChildNotice, 0) != 0;

    /// <summary>
    /// The next process that a SIGCHLD named; false when there is none. Not all that ended are named, since a signal
    /// that comes while another one of its number waits is dropped, and not all that are named have ended.
    /// </summary>
    public static bool TryTakeNamed(out Pid pid)
    {
        pid = default;
        while (pid.IsNone && SignalEntries.NamedChildren.Taken != Volatile.Read(ref SignalEntries.NamedChildren.Count))
        {
            // Those that were written over before they were taken are lost, as dropped signals are.
            uint behind = (uint)(Volatile.Read(
                ref SignalEntries.NamedChildren.Count) - SignalEntries.NamedChildren.Taken);
            SignalEntries.NamedChildren.Taken += behind > SignalEntries.MostNamed
                ? (int)(behind - SignalEntries.MostNamed) : 0;
            fixed (int* named = SignalEntries.NamedChildren.Pids)
            {
                pid = new Pid(Interlocked.Exchange(ref named[(
                    uint)SignalEntries.NamedChildren.Taken++ % SignalEntries.MostNamed], 0));
            }
        }

        return !pid.IsNone;
    }

    /// <summary>
    /// Puts a handler in place; while it runs all signals but the fatal ones wait. Children get the default.
    /// </summary>
    public static void Handle(int signal, void* handler, int flags)
    {
        sigaction action = default;
        action.sa_handler = handler;
        action.sa_flags = flags;
        *(ulong*)&action.sa_mask = ~CrashEntry.FatalSignals;
        int result = sigaction(signal, &action, null);
        Assertion.Require(result == 0);
        Launcher.ResetInChild(signal);
    }

    private static void Handle(int signal, delegate*<int, void> handler, int flags) =>
        Handle(signal, (void*)handler, flags);
}
