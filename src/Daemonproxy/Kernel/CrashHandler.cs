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
    public const ulong StandardSignals = (1UL << 31) - 1;

    private static System.ReadOnlySpan<byte> Complaint => "fatal: daemonproxy crashed and cannot be executed again\n"u8;

    /// <summary>Room for the handler's own frames below the one that the kernel makes.</summary>
    private const int HandlerStackBytes = 16 * 1024;

    /// <summary>
    /// The part of the stack that is in memory from the start: a frame of the kernel with AVX-512, and ours.
    /// </summary>
    private const int TouchedStackBytes = 8 * 1024;

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
        s_complaint = Memory.Constant(Complaint);
        s_complaintBytes = Complaint.Length;

        // One piece: guard, stack, arguments; the parts that a crash touches side by side, to be locked at once.
        int stackBytes = HandlerStackBytes + (int)Native.getauxval(Native.AT_MINSIGSTKSZ);
        stackBytes = (stackBytes + TouchedStackBytes - 1) & -TouchedStackBytes;
        int argumentBytes = ArgumentBytes(plan.Stack);
        byte* stack = Memory.Map(stackBytes + argumentBytes, guarded: true);
        s_arguments = plan.Image.IsNone
            ? null
            : WriteArguments(plan.Stack, plan.Image, FdNumber.None, stack + stackBytes);
        stack[stackBytes - TouchedStackBytes] = 0;
        _ = Native.mlock(stack + stackBytes - TouchedStackBytes, TouchedStackBytes + argumentBytes);

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

    /// <summary>
    /// Starts the program that goes on with the image in the background; the note of Install gets it as the owner.
    /// </summary>
    public static Errno Succeed(in InitialStack stack, FdNumber image, FdNumber ready, FdNumber nothing, out Pid pid)
    {
        Verify.That(s_note != null);
        byte* room = Memory.Reserve(ArgumentBytes(stack));
        if (room == null)
        {
            pid = default;
            return Bare.LastError;
        }

        int owner = s_note->Owner;
        SuccessorPlan plan = default;
        plan.Program = s_program;
        plan.ProgramPath = s_programPath;
        plan.Empty = s_empty;
        plan.Arguments = WriteArguments(stack, image, ready, room);
        plan.Environment = s_environment;
        plan.Note = s_note;
        plan.Null = nothing.Value;
        plan.Ready = ready.Value;
        Errno reason = Launcher.Launch(&plan, out pid);
        if (reason != Errno.None)
        {
            s_note->Owner = owner;
        }

        return reason;
    }

    /// <summary>
    /// Starts a program that says, on standard output, whether it can go on with the image; the PID is stored by the
    /// kernel.
    /// </summary>
    public static Errno Ask(
        in InitialStack stack,
        FdNumber program,
        FdNumber image,
        FdNumber* standard,
        FdNumber answer,
        FdNumber nothing,
        ref Pid pid)
    {
        byte* room = stackalloc byte[QuestionBytes];
        SuccessorPlan plan = default;
        plan.Program = program.Value;
        plan.Empty = s_empty;
        plan.Arguments = WriteQuestion(stack, image, standard, room);
        plan.Environment = s_environment;
        plan.Null = nothing.Value;
        plan.Ready = answer.Value;
        fixed (Pid* stored = &pid)
        {
            return Launcher.Ask(&plan, (int*)stored);
        }
    }

    /// <summary>
    /// Executes a program in our place, as a crash would, but with everything in order; returns only on failure.
    /// </summary>
    public static Errno Replace(FdNumber program)
    {
        ulong previous;
        Bare.ChangeMask(Bare.SIG_SETMASK, StandardSignals, &previous);
        _ = Bare.fcntl(program.Value, Bare.F_SETFD, 0);
        Bare.ExecuteDescriptor(program.Value, s_empty, s_arguments, s_environment);
        Errno reason = Bare.LastError;
        _ = Bare.fcntl(program.Value, Bare.F_SETFD, Bare.FD_CLOEXEC);
        Bare.ChangeMask(Bare.SIG_SETMASK, previous, null);
        return reason;
    }

    /// <summary>The page of the handler's code.</summary>
    public static void* CodePage
    {
        get
        {
            delegate*<int, byte*, void*, void> handler = &OnFatal;
            return (void*)((nint)handler & -Memory.PageBytes);
        }
    }

    /// <summary>Keeps that page in memory; the seal may have given it back.</summary>
    public static void LockCode() => _ = Native.mlock(CodePage, Memory.PageBytes);
}

/// <summary>What the crash handler is to execute, and how often.</summary>
/// <param name="Stack">The arguments and the environment that this program was given.</param>
/// <param name="Program">A descriptor of the program itself (O_PATH), or none: then its file name is used.</param>
/// <param name="Image">The memfd that holds the image; none: a crash is the end.</param>
/// <param name="Limit">How many crashes are survived within the window.</param>
/// <param name="Window">How long a window is.</param>
internal readonly record struct CrashPlan(
    InitialStack Stack, FdNumber Program, FdNumber Image, int Limit, Seconds Window);
