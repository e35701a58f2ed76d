using System;

namespace Daemonproxy.Control.Kernel;

/// <summary>
/// Stops this process as SIGTSTP does where nobody handles it. .NET ignores the signal once a program has asked to be
/// told of it, also where that does not cancel it.
/// </summary>
internal static class Suspension
{
    /// <summary>
    /// Returns when the process was continued; at once if its group is orphaned, so that nobody could continue it.
    /// </summary>
    public static unsafe void Stop()
    {
        // All zero is SIG_DFL without flags.
        byte* standard = stackalloc byte[NativeMethods.MostSigactionBytes];
        byte* before = stackalloc byte[NativeMethods.MostSigactionBytes];
        new Span<byte>(standard, NativeMethods.MostSigactionBytes).Clear();
        if (NativeMethods.sigaction(NativeMethods.SIGTSTP, standard, before) == 0)
        {
            // To this thread, which stops before the call returns: another might take one to the process later.
            _ = NativeMethods.raise(NativeMethods.SIGTSTP);
            _ = NativeMethods.sigaction(NativeMethods.SIGTSTP, before, null);
        }
    }
}
