using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>Replaces the running program on request: open(2) with O_PATH, execveat(2).</summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    // The identities of the daemon's descriptors, in a check with a table of them.
    private DescriptorSnapshot? _facts;

    public override Errno OpenOwnProgram(out FdNumber program)
    {
        RaisedLimits.Raise();
        int fd = _program.IsNone
            ? open(_vectors.ProgramPath, O_PATH | O_CLOEXEC, 0)
            : SignalSafeCalls.fcntl(_program.Value, F_DUPFD_CLOEXEC, FirstOwn);
        program = AboveStandard(fd);
        Errno reason = program.IsNone ? SignalSafeCalls.LastError : Errno.None;
        RaisedLimits.Restore();

        // The limit is below the lowest number that is asked for, fcntl(2).
        return reason == Errno.EINVAL ? Errno.EMFILE : reason;
    }

    public override Errno StartCheck(in CheckRequest request, ref Pid pid, out FdNumber answer)
    {
        answer = FdNumber.None;
        if (ProcessCloner.IsCheckPlanInUse)
        {
            return Errno.EBUSY;
        }

        // For the files, and for the program.
        RaisedLimits.Raise();
        Errno reason = CheckFiles.TryOpen(request.Image, out CheckFiles files, out FdNumber source);
        if (reason == Errno.None)
        {
            reason = CrashHandler.StartCheck(_vectors, request, files, ref pid);
        }

        RaisedLimits.Restore();
        files.Close();
        if (reason == Errno.None)
        {
            answer = source;
        }
        else
        {
            CloseIfOpen(source);
        }

        return reason;
    }

    public override Errno CheckFailure => ProcessCloner.CheckPlan->FailedReason;

    /// <summary>
    /// Answers the daemon that started the check, once. Then it waits, up to a number of seconds, until the answer's
    /// reader has closed the pipe: as long as this process executes the program, no process gets a write lease on the
    /// file (fcntl(2), F_SETLEASE), for which its execution by the daemon would wait.
    /// </summary>
    public void Answer(ReadOnlySpan<byte> text, int seconds)
    {
        int sent = 0;
        _ = Write(_ready, text, ref sent);
        pollfd reader = new() { fd = _ready.Value };
        _ = NativeMethods.poll(&reader, 1, seconds * 1000);
    }

    public override Errno ReplaceProgram(FdNumber program, bool isOwn)
    {
        CrashEntry.RestoreError();
        Errno reason = CrashHandler.Replace(_vectors, program, isOwn);
        KeepErrorAsideAgain();
        return reason;
    }

    // The descriptor of the answer. The daemon's descriptor of that number gets its number back, so that all numbers
    // are as in the daemon. A daemon of release 0.1 gives all its descriptors, and names these three; later ones give a
    // table instead.
    private void TakeQuestion()
    {
        _ready = new FdNumber(SignalSafeCalls.fcntl(1, F_DUPFD_CLOEXEC, FirstOwn));
        _facts = ResumeArguments.StandardOf(_vectors, 0).IsNone ? DescriptorSnapshot.TryRead(new FdNumber(0)) : null;
        for (int fd = 0; fd < ResumeArguments.StandardStreams; fd++)
        {
            FdNumber standard = ResumeArguments.StandardOf(_vectors, fd);
            _ = standard.IsNone ? 0 : SignalSafeCalls.dup2(standard.Value, fd);
            _ = standard.IsNone ? 0 : close(standard.Value);
        }
    }
}
