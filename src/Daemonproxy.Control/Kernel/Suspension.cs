using System;

namespace Daemonproxy.Control.Kernel;

/// <summary>
/// Stops this process as the default action of SIGTSTP does. .NET ignores the signal once a program has registered a
/// handler, also if the handler does not cancel it.
/// </summary>
internal static class Suspension
{
    /// <summary>
    /// Returns when the process was continued; returns at once if its group is orphaned, since no shell could continue
    /// it.
    /// </summary>
    public static unsafe void Stop()
    {
        // All zero is SIG_DFL without flags.
        byte* standard = stackalloc byte[NativeMethods.MostSigactionBytes];
        byte* before = stackalloc byte[NativeMethods.MostSigactionBytes];
        new Span<byte>(standard, NativeMethods.MostSigactionBytes).Clear();
        if (NativeMethods.sigaction(NativeMethods.SIGTSTP, standard, before) == 0)
        {
            // To this thread, which stops before the call returns: with a signal to the process, another thread might
            // handle it later.
            _ = NativeMethods.raise(NativeMethods.SIGTSTP);
            _ = NativeMethods.sigaction(NativeMethods.SIGTSTP, before, null);
        }
    }
}
