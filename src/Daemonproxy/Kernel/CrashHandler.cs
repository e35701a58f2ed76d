using System;
using Daemonproxy.Time;

namespace Daemonproxy.Kernels;

/// <summary>
/// Handlers for the fatal signals, sigaction(2) with an alternate stack. What they do is in Bare/CrashHandler.Entry.cs;
/// here everything is prepared that they will need, so that they need not compute, open or allocate anything.
/// </summary>
internal static unsafe partial class CrashHandler
{
    /// <summary>ABRT, FPE, ILL, SEGV, BUS and TRAP; bit 0 is signal 1.</summary>
    public const ulong FatalSignals =
        (1UL << (Signal.SIGABRT - 1)) | (1UL << (Signal.SIGFPE - 1)) | (1UL << (Signal.SIGILL - 1))
        | (1UL << (Signal.SIGSEGV - 1)) | (1UL << (Signal.SIGBUS - 1)) | (1UL << (Signal.SIGTRAP - 1));

    /// <summary>The signals 1 to 31; the runtime wants those above for itself.</summary>
    private const ulong StandardSignals = (1UL << 31) - 1;

    /// <summary>Room for the handler's own frames below the one that the kernel makes.</summary>
    private const int HandlerStackBytes = 16 * 1024;

    /// <summary>
    /// The part of the stack that is in memory from the start: a frame of the kernel with AVX-512, and ours.
    /// </summary>
    private const int TouchedStackBytes = 8 * 1024;

    /// <summary>Room for a number of 32 bits in decimal, and a NUL.</summary>
    private const int NumberBytes = 16;

    /// <summary>The word between the program's name and the number of the image's descriptor.</summary>
    public static ReadOnlySpan<byte> ResumeOption => "--resume"u8;

    /// <summary>
    /// From here on a crash is survived: the same program with <c>--resume FD</c> before its other arguments. The
    /// fatal signals are unblocked last: those sent since the last crash are noted now.
    /// </summary>
    public static void Install(in CrashPlan plan, CrashNote* note)
    {
        s_note = note;
        s_limit = plan.Limit;
        s_window = plan.Window.Value * Seconds.Nanoseconds;
        s_program = plan.Program.Value;
        s_programPath = plan.Stack.FileName;
        s_environment = plan.Stack.Environment;
        s_empty = Memory.Constant(""u8);

        // One piece: guard, stack, arguments; the parts that a crash touches side by side, to be locked at once.
        int stackBytes = HandlerStackBytes + (int)Native.getauxval(Native.AT_MINSIGSTKSZ);
        stackBytes = (stackBytes + TouchedStackBytes - 1) & -TouchedStackBytes;
        int argumentBytes = (plan.Stack.ArgumentCount + 4) * sizeof(byte*);
        byte* stack = Memory.Map(stackBytes + argumentBytes + NumberBytes, guarded: true);
        WriteArguments(plan, (byte**)(stack + stackBytes), stack + stackBytes + argumentBytes);
        stack[stackBytes - TouchedStackBytes] = 0;
        _ = Native.mlock(stack + stackBytes - TouchedStackBytes, TouchedStackBytes + argumentBytes + NumberBytes);

        SignalStack alternate;
        alternate.Lowest = stack;
        alternate.Flags = 0;
        alternate.Bytes = (nuint)stackBytes;
        int result = Native.sigaltstack(&alternate, null);
        Verify.That(result == 0);
        delegate*<int, byte*, void*, void> handler = &OnFatal;
        for (int signal = 1; signal <= Signal.SIGSEGV; signal++)
        {
            if (((FatalSignals >> (signal - 1)) & 1) != 0)
            {
                SignalHandlers.Handle(signal, handler, Native.SA_ONSTACK | Native.SA_NODEFER | Native.SA_SIGINFO);
            }
        }

        Bare.ChangeMask(Bare.SIG_UNBLOCK, FatalSignals, null);
    }

    /// <summary>Keeps the page of the handler's code in memory; the seal may have given it back.</summary>
    public static void LockCode()
    {
        delegate*<int, byte*, void*, void> handler = &OnFatal;
        nint page = (nint)handler & -Memory.PageBytes;
        _ = Native.mlock((void*)page, Memory.PageBytes);
    }

    /// <summary>Whether a program was started by the crash handler of the one before.</summary>
    public static bool IsResumed(in InitialStack stack) => stack.ArgumentCount > 2 && Equals(stack.Arguments[1]);

    private static bool Equals(byte* argument)
    {
        for (int at = 0; at < ResumeOption.Length; at++)
        {
            if (argument[at] != ResumeOption[at])
            {
                return false;
            }
        }

        return argument[ResumeOption.Length] == 0;
    }

    // NAME --resume FD ARGUMENT…; the --resume of an earlier crash is left out.
    private static void WriteArguments(in CrashPlan plan, byte** arguments, byte* number)
    {
        s_arguments = arguments;
        *arguments++ = plan.Stack.Arguments[0];
        *arguments++ = Memory.Constant(ResumeOption);
        *arguments++ = WriteNumber((uint)plan.Image.Value, number + NumberBytes);
        for (int at = IsResumed(plan.Stack) ? 3 : 1; at < plan.Stack.ArgumentCount; at++)
        {
            *arguments++ = plan.Stack.Arguments[at];
        }
    }

    // Backwards from the end of its room. The framework's own formatting would bring in cultures, 60 KB of them.
    private static byte* WriteNumber(uint value, byte* end)
    {
        *--end = 0;
        do
        {
            *--end = (byte)('0' + (value % 10));
            value /= 10;
        }
        while (value != 0);
        return end;
    }
}

/// <summary>What the crash handler is to execute, and how often.</summary>
/// <param name="Stack">The arguments and the environment that this program was given.</param>
/// <param name="Program">A descriptor of the program itself (O_PATH), or none: then its file name is used.</param>
/// <param name="Image">The memfd that holds the image.</param>
/// <param name="Limit">How many crashes are survived within the window.</param>
/// <param name="Window">How long a window is.</param>
internal readonly record struct CrashPlan(
    InitialStack Stack, FdNumber Program, FdNumber Image, int Limit, Seconds Window);
