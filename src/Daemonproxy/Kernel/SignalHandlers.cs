using System.Threading;

namespace Daemonproxy.Kernels;

/// <summary>Handlers for the signals that do not kill, sigaction(2). What they do is in Bare/.</summary>
internal static unsafe partial class SignalHandlers
{
    /// <summary>Once, before any handler: the eventfd that ends a wait.</summary>
    public static void Prepare(FdNumber wake) => s_wake = wake.Value;

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

        Handle(Signal.SIGCHLD, &OnChild, Native.SA_RESTART);
        Handle(Signal.SIGPIPE, &OnUnwanted, Native.SA_RESTART);
        Handle(Signal.SIGALRM, &OnUnwanted, Native.SA_RESTART);
        Bare.ChangeMask(Bare.SIG_SETMASK, 0, null);
    }

    public static bool TakeChildNotice() => Interlocked.Exchange(ref s_childNotice, 0) != 0;

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
