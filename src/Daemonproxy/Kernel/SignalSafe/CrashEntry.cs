// Signal handlers for faults of our own: the conditions in SignalSafeCalls.cs hold for all of this file. It
// computes nothing: Install has prepared all data, which are locked in memory as far as the limits allow.
using System.Runtime.CompilerServices;
using System.Threading;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// The handler of the daemon's own crashes: it executes the daemon's program again, which maps the image.
/// </summary>
internal static unsafe class CrashEntry
{
    /// <summary>ABRT, FPE, ILL, SEGV, BUS, TRAP and SYS; bit 0 is signal 1.</summary>
    public const ulong FatalSignals =
        (1UL << (Signal.SIGABRT - 1)) | (1UL << (Signal.SIGFPE - 1)) | (1UL << (Signal.SIGILL - 1))
        | (1UL << (Signal.SIGSEGV - 1)) | (1UL << (Signal.SIGBUS - 1)) | (1UL << (Signal.SIGTRAP - 1))
        | (1UL << (Signal.SIGSYS - 1));

    /// <summary>All signals; the kernel leaves out KILL and STOP.</summary>
    public const ulong AllSignals = ulong.MaxValue;

    /// <summary>The exit code of a broken state (protocol, section 6).</summary>
    private const int BrokenState = 4;

    /// <summary>siginfo_t of 64-bit systems: the offsets of si_code, and of si_pid or si_addr.</summary>
    private const int SiginfoCode = 8;
    private const int SiginfoSource = 16;

    /// <summary>Standard error.</summary>
    public const int StandardError = 2;

    /// <summary>
    /// So often it is tried to execute a program that the kernel is too short of something for, so many nanoseconds
    /// apart: five seconds in all.
    /// </summary>
    private const int Attempts = 50;
    private const int AttemptPause = 100_000_000;

    /// <summary>An address that is never mapped, for deliberate crashes.</summary>
    private const long Nowhere = 0x7777_7777_7770;

    // All set by Install, before the first handler is in place.
    public static CrashNote* Note;
    public static int Program;
    public static byte* ProgramPath;
    public static byte* Empty;
    public static byte** Arguments;
    public static byte** Environment;
    public static SavedLimits* Limits;
    public static byte* Complaint;
    public static int ComplaintBytes;
    public static int Limit;

    // Of standard error, or of the file that is kept aside from it.
    public static int Error = StandardError;

    // True if number 2 is not that file: dup3(2) over the file itself would ask it.
    public static bool IsErrorAside;
    public static long Window;

    // The number of faults; and whether the first was counted, so that the next need not be.
    private static int s_crashing;
    private static int s_isCounted;

    /// <summary>
    /// The way of every crash: called by the handler, by failed assertions and by the outermost catch. It does not
    /// return. Signal 0 is a crash without a signal; any other was sent by another process, and noted until now.
    /// </summary>
    public static void Crash(int signal) => Crash(signal, signal == 0 ? CrashNote.Raised : CrashNote.SentByOther);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void OnFatal(int signal, byte* information, void* context)
    {
        int* errno = SignalSafeCalls.__errno_location();
        int kept = *errno;
        if (*(int*)(information + SiginfoCode) > 0)
        {
            Crash(signal, *(ulong*)(information + SiginfoSource));
        }

        // Sent by another process: handled at the end of the turn, since an immediate reaction would most likely fall
        // between a system call and its record. A second one before the first was taken means that the turn does not
        // end.
        int own = SignalSafeCalls.getpid();
        CrashNote* note = Note;
        bool isRaised = *(int*)(information + SiginfoSource) == own;
        if (isRaised || note->Owner != own || Interlocked.Exchange(ref note->Sent, signal) != 0)
        {
            Crash(signal, isRaised ? CrashNote.Raised : CrashNote.SentByOther);
        }

        SignalEntries.Wake();
        *errno = kept;
    }

    private static void Crash(int signal, ulong address)
    {
        // A fault in here must not come here again and again. What was counted goes on with executing; a fault before
        // that, at the note itself, is the end.
        CrashNote* note = Note;
        int before = Interlocked.Increment(ref s_crashing) - 1;
        if (before != 0)
        {
            if (before == 1 && s_isCounted != 0)
            {
                Execute();
            }

            GiveUp();
        }

        if (note == null || note->Owner != SignalSafeCalls.getpid())
        {
            GiveUp();
        }

        if (Arguments == null)
        {
            Complain();
            GiveUp();
        }

        note->Count++;
        note->Signal = signal;
        note->Address = address;
        note->Time = SignalSafeCalls.Nanoseconds();
        if (note->WindowCount == 0 || note->Time - note->WindowStart > Window)
        {
            note->WindowStart = note->Time;
            note->WindowCount = 0;
        }

        // One more than the limit: the program that resumes sees it, and shuts down. If that crashes too: no.
        note->WindowCount++;
        if (note->WindowCount > Limit + 1)
        {
            GiveUp();
        }

        s_isCounted = 1;
        if (note->IsArmed != 0)
        {
            note->IsArmed = 0;
            *(int*)Nowhere = 1;
        }

        Execute();
        Complain();
        GiveUp();
    }

    /// <summary>Gives the file that is kept aside its number again, for a program that is executed.</summary>
    public static void RestoreError()
    {
        if (IsErrorAside)
        {
            IsErrorAside = false;
            RawCalls.Duplicate(Error, StandardError);
        }
    }

    // Returns when it is not possible, and will not be soon.
    private static void Execute()
    {
        RestoreError();

        // Between execve and the next handlers every disposition is default: what comes meanwhile has to wait. That
        // holds for the fatal signals too, if they are sent; a fault of our own there kills, blocked or not.
        SignalSafeCalls.ChangeMask(SIG_SETMASK, AllSignals, null);
        SignalSafeCalls.daemonproxy_raise_limits(Limits);
        timespec pause;
        pause.tv_sec = 0;
        pause.tv_nsec = AttemptPause;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (Program >= 0)
            {
                SignalSafeCalls.ExecuteDescriptor(Program, Empty, Arguments, Environment);
            }

            if (Program < 0 || !IsShortage(SignalSafeCalls.LastError))
            {
                _ = SignalSafeCalls.execve(ProgramPath, Arguments, Environment);
            }

            if (!IsShortage(SignalSafeCalls.LastError))
            {
                return;
            }

            _ = SignalSafeCalls.nanosleep(&pause, null);
        }
    }

    // A shortage of the kernel may be over soon.
    private static bool IsShortage(Errno reason) =>
        reason == Errno.ENOMEM || reason == Errno.EAGAIN || reason == Errno.ENFILE || reason == Errno.ETXTBSY;

    // To standard error, if it takes that without waiting: where the log goes cannot be found out here.
    private static void Complain()
    {
        pollfd error = default;
        error.fd = Error;
        error.events = POLLOUT;
        if (SignalSafeCalls.poll(&error, 1, 0) == 1 && (error.revents & POLLOUT) != 0)
        {
            SignalSafeCalls.write(Error, Complaint, ComplaintBytes);
        }
    }

    /// <summary>The end: process 1 stays.</summary>
    public static void GiveUp()
    {
        if (SignalSafeCalls.getpid() != 1)
        {
            SignalSafeCalls._exit(BrokenState);
        }

        Stay();
    }

    /// <summary>The last stand of process 1, which must not end, the kernel would panic: it stays and reaps.</summary>
    public static void Stay()
    {
        timespec second;
        second.tv_sec = 1;
        second.tv_nsec = 0;
        while (true)
        {
            if (SignalSafeCalls.waitid(SignalSafeCalls.P_ALL, 0, null, SignalSafeCalls.WEXITED) != 0)
            {
                _ = SignalSafeCalls.nanosleep(&second, null);
            }
        }
    }
}
