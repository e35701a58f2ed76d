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
    /// Counts these signals from here on, wakes for SIGCHLD, and swallows SIGPIPE, which the kernel sends for our own
    /// writes. Then the mask becomes <see cref="Dropped"/>, whatever was inherited and the crash handler blocked; what
    /// was pending is counted before this returns.
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
        SignalSafeCalls.ChangeMask(SIG_SETMASK, Dropped(counted), null);
    }

    /// <summary>
    /// The signals that mean nothing to us; bit 0 is signal 1. They are blocked: so they neither end nor stop us, a
    /// terminal's SIGTTIN and SIGTTOU become errors of read(2) and no error at all of write(2), and the child of a
    /// launch, whose mask is empty, needs nothing to be reset. SIGRTMIN is among them. The runtime suspends threads by
    /// it, of which it has one.
    /// </summary>
    public static ulong Dropped(SignalSet counted) => ~((counted.Bits >> 1) | CrashEntry.FatalSignals
        | (1UL << (Signal.SIGCHLD - 1)) | (1UL << (Signal.SIGPIPE - 1)) | (1UL << (Signal.SIGXFSZ - 1))
        | (1UL << (Signal.SIGKILL - 1)) | (1UL << (Signal.SIGSTOP - 1)) | (1UL << (BlockedCallTimer.GuardSignal - 1)));

    /// <summary>
    /// Before the mask is emptied for another program: what is dropped has a handler, which executing resets to the
    /// default. The C library refuses the signals 32 and 33.
    /// </summary>
    public static void HandleDropped(SignalSet counted)
    {
        for (int signal = 1; signal <= Signal.Highest; signal++)
        {
            if (((Dropped(counted) >> (signal - 1)) & 1) != 0 && signal is not (32 or 33))
            {
                Handle(signal, &SignalEntries.OnUnwanted, SA_RESTART);
            }
        }
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
            // Overwritten entries are lost, as dropped signals are.
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
        ProcessCloner.ResetInChild(signal);
    }

    private static void Handle(int signal, delegate*<int, void> handler, int flags) =>
        Handle(signal, (void*)handler, flags);
}
