// Signal handlers: the conditions at the head of Bare.cs hold for all of this file. A signal for the process may be
// delivered on the runtime's finalizer thread: nothing here assumes the main thread.
using System.Runtime.CompilerServices;
using System.Threading;

namespace Daemonproxy.Kernels;

/// <summary>What happens when a signal comes.</summary>
internal static unsafe partial class SignalHandlers
{
    // Set by Prepare and Install before the first handler is in place.
    private static SignalCounts* s_ledger;
    private static int s_wake;
    private static int s_childNotice;

    /// <summary>Ends the wait of the turn, or the next one; it never waits itself.</summary>
    public static void Wake()
    {
        ulong one = 1;
        Bare.write(s_wake, &one, sizeof(ulong));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OnCounted(int signal)
    {
        int* errno = Bare.__errno_location();
        int kept = *errno;
        SignalCounts* counts = s_ledger + signal;
        Volatile.Write(ref counts->Last, Bare.Nanoseconds());
        Interlocked.Increment(ref counts->Arrived);
        Wake();
        *errno = kept;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OnChild(int signal)
    {
        int* errno = Bare.__errno_location();
        int kept = *errno;
        Volatile.Write(ref s_childNotice, 1);
        Wake();
        *errno = kept;
    }

    // A handler, not "ignored": execve(2) turns it back into the default.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OnUnwanted(int signal)
    {
    }
}
