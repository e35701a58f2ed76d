// Signal handlers: the conditions in SignalSafeCalls.cs hold for all of this file. They run between any two
// instructions of the turn.
using System.Runtime.CompilerServices;
using System.Threading;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>The signal handlers.</summary>
internal static unsafe class SignalEntries
{
    // Set by Prepare and Install before the first handler is in place.
    public static SignalCounts* Counts;
    public static int WakeFd;
    public static int ChildNotice;
    public static ReportedPids NamedChildren;

    /// <summary>The most PIDs that are kept between two reads.</summary>
    public const int MostNamed = 64;

    /// <summary>The offset of the child's PID in siginfo_t.</summary>
    private const int InformationPid = 16;

    /// <summary>Ends the wait of the turn, or the next one; it never waits itself.</summary>
    public static void Wake()
    {
        ulong one = 1;
        SignalSafeCalls.write(WakeFd, &one, sizeof(ulong));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void OnCounted(int signal)
    {
        int* errno = SignalSafeCalls.__errno_location();
        int kept = *errno;
        SignalCounts* counts = Counts + signal;
        Volatile.Write(ref counts->Last, SignalSafeCalls.Nanoseconds());
        Interlocked.Increment(ref counts->Arrived);
        Wake();
        *errno = kept;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void OnChild(int signal, void* information, void* context)
    {
        int* errno = SignalSafeCalls.__errno_location();
        int kept = *errno;
        fixed (int* named = NamedChildren.Pids)
        {
            uint place = (uint)(Interlocked.Increment(ref NamedChildren.Count) - 1) % MostNamed;
            Volatile.Write(ref named[place], *(int*)((byte*)information + InformationPid));
        }

        Volatile.Write(ref ChildNotice, 1);
        Wake();
        *errno = kept;
    }

    // A handler, not "ignored": execve(2) turns it back into the default.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void OnUnwanted(int signal)
    {
    }

    // The processes that were named last, in a ring; 0 where none is or it was taken.
    public struct ReportedPids
    {
        public fixed int Pids[MostNamed];
        public int Count;
        public int Taken;
    }
}
