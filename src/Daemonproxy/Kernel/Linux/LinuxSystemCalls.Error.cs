using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>Standard error on a file that may stop answering.</summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    public override FdNumber ErrorStream => new(CrashEntry.Error);

    public override void KeepErrorAside(FdNumber former)
    {
        int aside = IsStandardError(former)
            ? former.Value
            : SignalSafeCalls.fcntl(CrashEntry.StandardError, F_DUPFD, HelperPlan.FirstHigh);
        if (aside >= 0 && CloseError())
        {
            CrashEntry.Error = aside;
            CrashEntry.IsErrorAside = true;
        }
    }

    // After a program was not executed that was given number 2 again.
    private static void KeepErrorAsideAgain()
    {
        bool isAside = CrashEntry.Error != CrashEntry.StandardError;
        CrashEntry.IsErrorAside = isAside && (CrashEntry.IsErrorAside || CloseError());
    }

    // kcmp(2), which asks no file system: true if both numbers have the same open file. Where the kernel does not say,
    // the former number is closed as one that has no record.
    private static bool IsStandardError(FdNumber fd)
    {
        const int KCMP_FILE = 0;
        int own = SignalSafeCalls.getpid();
        return !fd.IsNone && RawCalls.Call(
            RawCalls.Number(312, 272), own, own, KCMP_FILE, fd.Value, CrashEntry.StandardError) == 0;
    }

    // The file may not answer to that, so a helper does it. Without a process for it, number 2 stays as it is.
    private static bool CloseError()
    {
        HelperPlan plan = new() { Task = HelperTask.Close, FdCount = 1 };
        plan.Fds[0] = new FdNumber(CrashEntry.StandardError);
        return ProcessCloner.TryReplace(&plan);
    }
}
