using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The kernel of Linux, 3.19 and later, on x64 and arm64. There is one in a process: handlers and dispositions belong
/// to the process. All methods are for the main thread.
/// </summary>
internal sealed unsafe partial class LinuxSystemCalls : SystemCalls
{
    private const int RLIMIT_NOFILE = 7;
    private const int PR_SET_NAME = 15;

    /// <summary>
    /// Descriptors are looked for below this number only: the table of named ones has no more records, and a limit of
    /// 1,000,000,000, as some containers have it, would take minutes.
    /// </summary>
    public const int HighestDescriptor = 65_536 + 1024;

    private readonly ProcessArguments _vectors;
    private readonly int _crashLimit;
    private readonly Seconds _crashWindow;
    private readonly uint _descriptorLimit;
    private readonly FdNumber _program;
    private readonly FdNumber _epoll;
    private readonly FdNumber _wake;
    private readonly epoll_event* _events;
    private readonly ConstantPages _constants;
    private FdNumber _image = FdNumber.None;
    private FdNumber _ready = FdNumber.None;
    private long _allocatedAtSeal;
    private SignalSet _counted;

    // The signals that are blocked because they mean nothing to us are read from here; none without a descriptor left.
    private FdNumber _droppedSignals = FdNumber.None;

    // Bit 0 is signal 1.
    private ulong _taken;

    /// <summary>
    /// Takes three descriptors above 2, and leaves 0, 1 and 2 as they are even if they are closed.
    /// </summary>
    /// <param name="vectors">
    /// The arguments and the environment of this program, for the one that resumes after a crash.
    /// </param>
    /// <param name="crashes">The number of crashes that are survived within <paramref name="crashWindow"/>.</param>
    /// <param name="crashWindow">After that long without too many, counting begins anew.</param>
    /// <exception cref="PlatformNotSupportedException">Under a JIT, where function pointers are stubs.</exception>
    private LinuxSystemCalls(ProcessArguments vectors, int crashes, Seconds crashWindow)
    {
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new PlatformNotSupportedException();
        }

        _vectors = vectors;
        _crashLimit = crashes;
        _crashWindow = crashWindow;
        ulong* limit = stackalloc ulong[2];
        _descriptorLimit = NativeMethods.getrlimit(RLIMIT_NOFILE, limit) == 0 && limit[0] < HighestDescriptor
            ? (uint)limit[0]
            : HighestDescriptor;
        SignalSafeCalls.SetPlatform(NativeMethods.IsArm64, _descriptorLimit);
        ProcessCloner.Prepare(ResumeArguments.QuestionBytes(vectors));
        _program = OpenProgram();
        _epoll = AboveStandard(epoll_create1(O_CLOEXEC));
        _wake = AboveStandard(eventfd(0, O_CLOEXEC | O_NONBLOCK));
        int rangesBytes = ConstantPages.MostRanges * ConstantPages.RangeBytes;
        byte* room = MappedMemory.Map(rangesBytes + (MostEvents * sizeof(epoll_event)), guarded: false);
        _constants = new ConstantPages(room);
        _events = (epoll_event*)(room + rangesBytes);
        SignalHandlers.Prepare(_wake);
        if (ResumeArguments.IsCheck(vectors))
        {
            TakeQuestion();
        }
        else
        {
            FindSupervisor();
        }

        if (ResumeArguments.IsResumed(vectors))
        {
            // execveat names the process after the descriptor, on kernels before 6.14.
            _ = NativeMethods.prctl(PR_SET_NAME, MappedMemory.Constant("daemonproxy"u8), 0, 0, 0);

            // Its reader sees the end of the pipe if we crash before we are ready.
            _ready = ResumeArguments.ReadyOf(vectors);
            _ = SignalSafeCalls.fcntl(_ready.Value, F_SETFD, FD_CLOEXEC);
        }
    }

    /// <summary>The kernel; null if no descriptors are left, which is reported on standard error.</summary>
    public static LinuxSystemCalls? TryCreate(ProcessArguments vectors, int crashes, Seconds crashWindow)
    {
        LinuxSystemCalls kernel = new(vectors, crashes, crashWindow);
        PollToken signals = new(PollTokenKind.Signals, 0, 0);
        if (!kernel._epoll.IsNone && !kernel._wake.IsNone
            && kernel.SetPollInterest(kernel._wake, PollInterest.Read, signals, again: false) == Errno.None)
        {
            return kernel;
        }

        int sent = 0;
        ReadOnlySpan<byte> text = "fatal: cannot open an epoll and an eventfd: no descriptors left\n"u8;
        _ = kernel.Write(new FdNumber(2), text, ref sent);
        return null;
    }

    public override Instant Now() => new(SignalSafeCalls.Nanoseconds());

    public override void CountSignals(SignalCounts* ledger, SignalSet counted)
    {
        _counted = counted;
        SignalHandlers.Install(ledger, counted);
        BlockedCallTimer.Install();
        ulong dropped = SignalHandlers.Dropped(counted);
        _droppedSignals = AboveStandard(NativeMethods.signalfd(-1, &dropped, O_CLOEXEC | O_NONBLOCK));
        if (!_droppedSignals.IsNone)
        {
            _ = SetPollInterest(_droppedSignals, PollInterest.Read, s_droppedToken, again: false);
        }
    }

    public override ulong TakeDroppedSignals()
    {
        ulong taken = _taken;
        _taken = 0;
        return taken;
    }

    public override void SurviveCrashes(CrashNote* note, SavedLimits* limits, FdNumber image)
    {
        RaisedLimits.KeepIn(limits);
        _ = image.IsNone ? 0 : SignalSafeCalls.fcntl(image.Value, F_SETFD, 0);
        CrashHandler.Install(new CrashPlan(_vectors, _program, image, _crashLimit, _crashWindow), note);
    }

    public override void Crash(Signal signal) => CrashEntry.Crash(signal.Number);

    public override void Seal()
    {
        RaisedLimits.Restore();
        _allocatedAtSeal = GC.GetAllocatedBytesForCurrentThread();
    }

    public override long AllocatedSinceSeal() => GC.GetAllocatedBytesForCurrentThread() - _allocatedAtSeal;

    // Kept for the crash handler, through execve, so that it survives that the file is replaced or deleted. The program
    // that resumes finds its number in the name it was executed by.
    private FdNumber OpenProgram()
    {
        int inherited = DescriptorOf(_vectors.FileName);
        if (inherited > 2 && ResumeArguments.IsResumed(_vectors)
            && SignalSafeCalls.fcntl(inherited, F_GETFL, 0) >= 0)
        {
            return new FdNumber(inherited);
        }

        int fd = _vectors.IsLoaderUnknown ? -1 : open(MappedMemory.Constant("/proc/self/exe"u8), O_PATH, 0);
        if (fd < 0 && inherited >= 0)
        {
            fd = SignalSafeCalls.fcntl(inherited, F_DUPFD, FirstOwn);
        }
        else if (fd < 0)
        {
            fd = open(_vectors.ProgramPath, O_PATH, 0);
        }

        FdNumber program = AboveStandard(fd);
        _ = SignalSafeCalls.fcntl(program.Value, F_SETFD, 0);
        return program;
    }

    // The N of /dev/fd/N, which is how the kernel calls a program that was executed from a descriptor; -1 for another.
    private static int DescriptorOf(byte* name)
    {
        foreach (byte wanted in "/dev/fd/"u8)
        {
            if (*name++ != wanted)
            {
                return -1;
            }
        }

        return ResumeArguments.ReadNumber(name).Value;
    }
}
