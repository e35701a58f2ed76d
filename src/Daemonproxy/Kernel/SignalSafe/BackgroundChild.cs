// Runs in a cloned child that shares our memory: the conditions in SignalSafeCalls.cs hold for all of this file.
using System.Runtime.CompilerServices;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// The code that the child which continues in the background runs between clone(2) and execveat(2): it is this program.
/// </summary>
internal static unsafe class BackgroundChild
{
    private const int LastStandard = 2;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int RunSuccessor(void* argument)
    {
        BackgroundPlan* plan = (BackgroundPlan*)argument;
        plan->FailedReason = Start(plan);
        SignalSafeCalls._exit(LaunchChild.FailedLaunch);
        return LaunchChild.FailedLaunch;
    }

    // Returns only on failure. What is handled becomes default by executing, and what is ignored the program handles.
    private static Errno Start(BackgroundPlan* plan)
    {
        if (SignalSafeCalls.setsid() < 0)
        {
            return SignalSafeCalls.LastError;
        }

        for (int fd = 0; fd <= LastStandard; fd++)
        {
            if (SignalSafeCalls.dup2(plan->Null, fd) < 0)
            {
                return SignalSafeCalls.LastError;
            }
        }

        if (SignalSafeCalls.fcntl(plan->Ready, F_SETFD, 0) < 0)
        {
            return SignalSafeCalls.LastError;
        }

        // From here on a crash of the parent is not survived, and one of the program that is executed is.
        plan->Note->Owner = SignalSafeCalls.getpid();
        SignalSafeCalls.ChangeMask(SIG_SETMASK, CrashEntry.AllSignals, null);
        if (plan->Program >= 0)
        {
            SignalSafeCalls.ExecuteDescriptor(plan->Program, plan->Empty, plan->Arguments, plan->Environment);
        }

        _ = SignalSafeCalls.execve(plan->ProgramPath, plan->Arguments, plan->Environment);
        return SignalSafeCalls.LastError;
    }
}

/// <summary>The plan of the child that continues in the background; the child writes only its outcome.</summary>
internal unsafe struct BackgroundPlan
{
    /// <summary>A descriptor of the program itself (O_PATH), or below 0: then its path is used.</summary>
    public int Program;
    public byte* ProgramPath;

    /// <summary>An empty text.</summary>
    public byte* Empty;
    public byte** Arguments;
    public byte** Environment;

    /// <summary>The note in which the child writes its own PID as the owner of the image.</summary>
    public CrashNote* Note;

    /// <summary>The descriptor that becomes 0, 1 and 2.</summary>
    public int Null;

    /// <summary>The descriptor on which the child reports that it is ready; close-on-exec in the parent.</summary>
    public int Ready;

    /// <summary>The errno of a failed execution.</summary>
    public Errno FailedReason;
}
