using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>The program that takes our place on purpose: open(2) with O_PATH, execveat(2).</summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    public override Errno OpenOwnProgram(out FdNumber program)
    {
        int fd = _program.IsNone
            ? open(_vectors.ProgramPath, O_PATH | O_CLOEXEC, 0)
            : SignalSafeCalls.fcntl(_program.Value, F_DUPFD_CLOEXEC, FirstOwn);
        program = AboveStandard(fd);
        return program.IsNone ? SignalSafeCalls.LastError : Errno.None;
    }

    public override Errno StartCheck(
        FdNumber program, bool isOwn, FdNumber image, ref Pid pid, out FdNumber answer)
    {
        answer = FdNumber.None;
        Errno reason = Open("/dev/null\0"u8, OpenMode.Read | OpenMode.Write | OpenMode.CloseOnExec, out FdNumber file);
        FdNumber nothing = reason == Errno.None ? AboveStandard(file.Value) : FdNumber.None;
        FdNumber told = FdNumber.None;
        if (reason == Errno.None)
        {
            reason = nothing.IsNone ? SignalSafeCalls.LastError : ReadyPipe(out answer, out told);
        }

        if (reason == Errno.None)
        {
            reason = SetNonblocking(answer, true);
        }

        FdNumber* standard = stackalloc FdNumber[ResumeArguments.StandardStreams];
        for (int fd = 0; fd < ResumeArguments.StandardStreams; fd++)
        {
            standard[fd] = reason == Errno.None ? Duplicate(new FdNumber(fd)) : FdNumber.None;
            reason = reason == Errno.None && standard[fd].IsNone ? SignalSafeCalls.LastError : reason;
        }

        if (reason == Errno.None)
        {
            reason = CrashHandler.StartCheck(
                _vectors, program, isOwn, image, standard, told, nothing, ref pid);
        }

        for (int fd = 0; fd < ResumeArguments.StandardStreams; fd++)
        {
            CloseIfOpen(standard[fd]);
        }

        CloseIfOpen(nothing);
        CloseIfOpen(told);
        if (reason != Errno.None)
        {
            CloseIfOpen(answer);
            answer = FdNumber.None;
        }

        return reason;
    }

    public override Errno CheckFailure => Launcher.CheckPlan->FailedReason;

    /// <summary>Answers who asked us; once.</summary>
    public void Answer(ReadOnlySpan<byte> text)
    {
        int sent = 0;
        _ = Write(_ready, text, ref sent);
    }

    public override Errno ReplaceProgram(FdNumber program, bool isOwn) =>
        CrashHandler.Replace(_vectors, program, isOwn);

    // Where the answer goes. What stood there in the daemon gets its number back: everything is as it will be.
    private static FdNumber TakeAnswerSide(in ArgumentVectors vectors)
    {
        FdNumber answer = new(SignalSafeCalls.fcntl(1, F_DUPFD_CLOEXEC, FirstOwn));
        for (int fd = 0; fd < ResumeArguments.StandardStreams; fd++)
        {
            FdNumber standard = ResumeArguments.StandardOf(vectors, fd);
            _ = standard.IsNone ? 0 : SignalSafeCalls.dup2(standard.Value, fd);
            _ = standard.IsNone ? 0 : close(standard.Value);
        }

        return answer;
    }
}
