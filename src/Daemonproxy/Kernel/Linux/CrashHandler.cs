using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// Handlers for the fatal signals, sigaction(2) with an alternate stack. Their code is in
/// SignalSafe/CrashEntry.cs; this class prepares everything that they need, so that they need not compute, open
/// or allocate anything.
/// </summary>
internal static unsafe class CrashHandler
{
    private static System.ReadOnlySpan<byte> Complaint => "fatal: daemonproxy crashed and cannot be executed again\n"u8;

    /// <summary>Room for the handler's own frames below the one that the kernel makes.</summary>
    private const int HandlerStackBytes = 16 * 1024;

    /// <summary>
    /// The part of the stack that is in memory from the start: a frame of the kernel with AVX-512, and ours.
    /// </summary>
    private const int TouchedStackBytes = 8 * 1024;

    // That part, and the arguments behind it.
    private static byte* s_touched;
    private static int s_touchedBytes;

    /// <summary>
    /// From here on a crash is survived: the same program with <c>--resume FD</c> before its other arguments. The
    /// fatal signals are unblocked last: those sent since the last crash are noted now.
    /// </summary>
    public static void Install(in CrashPlan plan, CrashNote* note)
    {
        CrashEntry.Note = note;
        CrashEntry.Limit = plan.Limit;
        CrashEntry.Window = plan.Window.Value * Seconds.Nanoseconds;
        CrashEntry.Program = plan.Program.Value;
        CrashEntry.ProgramPath = plan.Vectors.ProgramPath;
        CrashEntry.Environment = plan.Vectors.Environment;
        CrashEntry.Empty = MappedMemory.Constant(""u8);
        CrashEntry.Complaint = MappedMemory.Constant(Complaint);
        CrashEntry.ComplaintBytes = Complaint.Length;

        // One piece: guard, stack, arguments; the parts that a crash touches side by side, to be locked at once.
        int stackBytes = HandlerStackBytes + (int)NativeMethods.getauxval(NativeMethods.AT_MINSIGSTKSZ);
        stackBytes = (stackBytes + TouchedStackBytes - 1) & -TouchedStackBytes;
        int argumentBytes = ResumeArguments.ArgumentBytes(plan.Vectors);
        byte* stack = MappedMemory.Map(stackBytes + argumentBytes, guarded: true);
        CrashEntry.Arguments = plan.Image.IsNone
            ? null
            : ResumeArguments.WriteArguments(plan.Vectors, plan.Image, FdNumber.None, stack + stackBytes);
        s_touched = stack + stackBytes - TouchedStackBytes;
        s_touchedBytes = TouchedStackBytes + argumentBytes;
        for (nint at = 0; at < TouchedStackBytes; at += MappedMemory.PageBytes)
        {
            s_touched[at] = 0;
        }

        // If a filter refuses it, all crashes except a stack overflow are still survived.
        stack_t alternate = new() { ss_sp = stack, ss_size = stackBytes };
        _ = sigaltstack(&alternate, null);
        delegate*<int, byte*, void*, void> handler = &CrashEntry.OnFatal;
        for (int signal = 1; signal <= Signal.SIGSYS; signal++)
        {
            if (((CrashEntry.FatalSignals >> (signal - 1)) & 1) != 0)
            {
                SignalHandlers.Handle(
                    signal, handler, SA_ONSTACK | SA_NODEFER | SA_SIGINFO);
            }
        }

        SignalSafeCalls.ChangeMask(SIG_UNBLOCK, CrashEntry.FatalSignals, null);
    }

    /// <summary>
    /// Starts the successor: the program that resumes the image in the background. The note of Install gets it as the
    /// owner.
    /// </summary>
    public static Errno StartSuccessor(
        in ProcessArguments vectors, FdNumber image, FdNumber ready, FdNumber nothing, out Pid pid)
    {
        Assertion.Require(CrashEntry.Note != null);
        byte* room = MappedMemory.Reserve(ResumeArguments.ArgumentBytes(vectors));
        if (room == null)
        {
            pid = default;
            return SignalSafeCalls.LastError;
        }

        int owner = CrashEntry.Note->Owner;
        BackgroundPlan plan = default;
        plan.Program = CrashEntry.Program;
        plan.ProgramPath = CrashEntry.ProgramPath;
        plan.Empty = CrashEntry.Empty;
        plan.Arguments = ResumeArguments.WriteArguments(vectors, image, ready, room);
        plan.Environment = CrashEntry.Environment;
        plan.Note = CrashEntry.Note;
        plan.Null = nothing.Value;
        plan.Ready = ready.Value;
        Errno reason = ProcessCloner.Launch(&plan, out pid);
        if (reason != Errno.None)
        {
            CrashEntry.Note->Owner = owner;
        }

        return reason;
    }

    /// <summary>
    /// Starts a program that says, on standard output, whether it can go on with the image; the PID is stored by the
    /// kernel.
    /// </summary>
    public static Errno StartCheck(
        in ProcessArguments vectors, in CheckRequest request, in CheckFiles files, ref Pid pid)
    {
        CheckPlan* plan = ProcessCloner.CheckPlan;
        plan->Program = request.Program.Value;
        plan->Empty = CrashEntry.Empty;
        plan->Arguments = ResumeArguments.WriteQuestion(vectors, files.Image, ProcessCloner.CheckArguments);
        plan->Arguments = request.IsOwnProgram
            ? plan->Arguments
            : ResumeArguments.WithoutLoader(vectors, plan->Arguments);
        plan->Environment = CrashEntry.Environment;
        plan->Image = files.Image.Value;
        plan->Table = files.Table.Value;
        plan->Input = files.Input.Value;
        plan->Answer = files.Answer.Value;
        plan->Null = files.Null.Value;

        // A descriptor that cannot be left behind is closed, however long that takes.
        bool leavesHigh = request.LeavesHigh && files.AreBelow(HelperPlan.FirstHigh)
            && request.Program.Value < HelperPlan.FirstHigh;
        plan->End = leavesHigh ? HelperPlan.FirstHigh : LinuxSystemCalls.HighestDescriptor;
        fixed (Pid* stored = &pid)
        {
            return ProcessCloner.StartCheck(leavesHigh, (int*)stored);
        }
    }

    /// <summary>
    /// Executes a program in our place, as a crash would, but with everything in order; returns only on failure.
    /// </summary>
    /// <param name="vectors">The arguments and the environment of this program.</param>
    /// <param name="program">A descriptor of the program, open(2) with O_PATH.</param>
    /// <param name="isOwnProgram">True when it is the file that this process was started from.</param>
    public static Errno Replace(in ProcessArguments vectors, FdNumber program, bool isOwnProgram)
    {
        ulong previous;
        SignalSafeCalls.ChangeMask(SIG_SETMASK, CrashEntry.AllSignals, &previous);
        RaisedLimits.Raise();
        ProcessPriority.Restore();
        _ = SignalSafeCalls.fcntl(program.Value, F_SETFD, 0);
        byte** arguments = isOwnProgram
            ? CrashEntry.Arguments
            : ResumeArguments.WithoutLoader(vectors, CrashEntry.Arguments);
        SignalSafeCalls.ExecuteDescriptor(program.Value, CrashEntry.Empty, arguments, CrashEntry.Environment);
        Errno reason = SignalSafeCalls.LastError;
        _ = SignalSafeCalls.fcntl(program.Value, F_SETFD, FD_CLOEXEC);
        RaisedLimits.Restore();
        SignalSafeCalls.ChangeMask(SIG_SETMASK, previous, null);
        return reason;
    }

    /// <summary>The page of the handler's code.</summary>
    public static void* CodePage
    {
        get
        {
            delegate*<int, byte*, void*, void> handler = &CrashEntry.OnFatal;
            return (void*)((nint)handler & -MappedMemory.PageBytes);
        }
    }

    /// <summary>Keeps that page and what a crash touches of the stack in memory, mlock(2).</summary>
    public static void LockPages()
    {
        _ = mlock(CodePage, (int)MappedMemory.PageBytes);
        _ = s_touched == null ? 0 : mlock(s_touched, s_touchedBytes);
    }
}

/// <summary>The program that the crash handler executes, and how often it may.</summary>
/// <param name="Vectors">The arguments and the environment that this program was given.</param>
/// <param name="Program">A descriptor of the program itself (O_PATH), or none: then its path is used.</param>
/// <param name="Image">The memfd that holds the image; none: a crash is the end.</param>
/// <param name="Limit">The number of crashes that are survived within the window.</param>
/// <param name="Window">The length of the window.</param>
internal readonly record struct CrashPlan(
    ProcessArguments Vectors, FdNumber Program, FdNumber Image, int Limit, Seconds Window);
