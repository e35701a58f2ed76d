// Runs in a cloned child that shares our memory: the conditions at the head of Bare.cs hold for all of this file.
using System.Runtime.CompilerServices;

namespace Daemonproxy.Kernels;

/// <summary>
/// What children that are this program, or the next, do between clone(2) and execveat(2): the one that goes on in the
/// background, and the one that is asked whether it could go on.
/// </summary>
internal static unsafe partial class Launcher
{
    private const int LastStandard = 2;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int RunSuccessor(void* argument)
    {
        SuccessorPlan* plan = (SuccessorPlan*)argument;
        plan->FailedReason = Succeed(plan);
        Bare._exit(FailedLaunch);
        return FailedLaunch;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int RunAsked(void* argument)
    {
        SuccessorPlan* plan = (SuccessorPlan*)argument;
        ResetSignals();
        bool isPlaced = Bare.dup2(plan->Null, 0) >= 0 && Bare.dup2(plan->Ready, 1) >= 0
            && Bare.dup2(plan->Null, LastStandard) >= 0;
        if (isPlaced)
        {
            // A script is opened again, by the number of its descriptor.
            _ = Bare.fcntl(plan->Program, Bare.F_SETFD, 0);
            Bare.ChangeMask(Bare.SIG_SETMASK, 0, null);
            Bare.ExecuteDescriptor(plan->Program, plan->Empty, plan->Arguments, plan->Environment);
        }

        plan->FailedReason = Bare.LastError;
        Bare._exit(FailedLaunch);
        return FailedLaunch;
    }

    // Returns only on failure. What is handled becomes default by executing, and what is ignored the program handles.
    private static Errno Succeed(SuccessorPlan* plan)
    {
        if (Bare.setsid() < 0)
        {
            return Bare.LastError;
        }

        for (int fd = 0; fd <= LastStandard; fd++)
        {
            if (Bare.dup2(plan->Null, fd) < 0)
            {
                return Bare.LastError;
            }
        }

        if (Bare.fcntl(plan->Ready, Bare.F_SETFD, 0) < 0)
        {
            return Bare.LastError;
        }

        // From here on a crash of the parent is not survived, and one of the program that is executed is.
        plan->Note->Owner = Bare.getpid();
        Bare.ChangeMask(Bare.SIG_SETMASK, CrashHandler.StandardSignals, null);
        if (plan->Program >= 0)
        {
            Bare.ExecuteDescriptor(plan->Program, plan->Empty, plan->Arguments, plan->Environment);
        }

        _ = Bare.execve(plan->ProgramPath, plan->Arguments, plan->Environment);
        return Bare.LastError;
    }
}
