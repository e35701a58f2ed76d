using System;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel.SignalSafe;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The limits under which this program could not be executed or start. They are raised before it is executed and while
/// it starts; services, and the daemon while it runs, have those that it was given, getrlimit(2).
/// </summary>
internal static unsafe class RaisedLimits
{
    // In the order of SavedLimits.
    private static ReadOnlySpan<int> Resources => [9, 2, 3, 7, 1];

    // The place of the old limits: in the image, once there is one.
    private static SavedLimits* s_saved;

    /// <summary>The limits that were raised before the runtime started; they are memory that stays.</summary>
    public static void Begin(SavedLimits* raised) => s_saved = raised;

    /// <summary>
    /// Keeps the old limits in the image from now on, for the crash handler. Limits that the previous process image has
    /// stored there take precedence.
    /// </summary>
    public static void KeepIn(SavedLimits* image)
    {
        if (image != s_saved)
        {
            for (int at = 0; at < SavedLimits.Count; at++)
            {
                ulong bit = s_saved->Raised & ~image->Raised & (1UL << at);
                image->Old[at] = bit != 0 ? s_saved->Old[at] : image->Old[at];
                image->Raised |= bit;
            }
        }

        s_saved = image;
        CrashEntry.Limits = image;
    }

    /// <summary>Raises the limits as far as possible, until <see cref="Restore"/>.</summary>
    public static void Raise() => SignalSafeCalls.daemonproxy_raise_limits(s_saved);

    /// <summary>Restores the raised limits.</summary>
    public static void Restore()
    {
        for (int at = 0; at < SavedLimits.Count; at++)
        {
            if (((s_saved->Raised >> at) & 1) != 0)
            {
                SavedLimits.LimitPair old = s_saved->Old[at];
                _ = NativeMethods.setrlimit(Resources[at], &old);
            }
        }

        s_saved->Raised = 0;
    }
}
