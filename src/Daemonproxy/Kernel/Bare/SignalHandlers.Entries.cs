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
    private static Named s_named;

    /// <summary>So many names of processes are kept between two looks at them.</summary>
    private const int MostNamed = 64;

    /// <summary>Where siginfo_t has the PID of the child.</summary>
    private const int InformationPid = 16;

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
    private static void OnChild(int signal, void* information, void* context)
    {
        int* errno = Bare.__errno_location();
        int kept = *errno;
        fixed (int* named = s_named.Pids)
        {
            uint place = (uint)(Interlocked.Increment(ref s_named.Count) - 1) % MostNamed;
            Volatile.Write(ref named[place], *(int*)((byte*)information + InformationPid));
        }

        Volatile.Write(ref s_childNotice, 1);
        Wake();
        *errno = kept;
    }

    // A handler, not "ignored": execve(2) turns it back into the default.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OnUnwanted(int signal)
    {
    }

    // The processes that were named last, in a ring; 0 where none is or it was taken.
    private struct Named
    {
        public fixed int Pids[MostNamed];
        public int Count;
        public int Taken;
    }
}
