// Runs in a cloned child that shares our memory and our descriptors and runs beside us: the conditions in
// SignalSafeCalls.cs hold for all of this file, and it calls nothing but RawCalls, since errno is the parent's, too.
using System.Runtime.CompilerServices;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>A helper: does the task of its plan, and ends. The daemon reaps it like any child.</summary>
internal static unsafe class HelperChild
{
    /// <summary>umask(2) 077: new files are private to the owner. A helper has its own mask.</summary>
    private const uint OwnersOnly = 0x3F;
    private const uint OwnersWrite = 0x12;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Run(void* argument)
    {
        HelperPlan* plan = (HelperPlan*)argument;
        if (plan->Task != HelperTask.ChangeDirectory)
        {
            // A service may read the limits of its group, whoever its user is.
            RawCalls.SetUmask(plan->Task == HelperTask.MakeGroup ? OwnersWrite : OwnersOnly);
        }

        if (plan->Task == HelperTask.OpenProgram)
        {
            // An upgrade needs a descriptor, whatever is allowed to the daemon. The limits of this process are its own.
            SavedLimits own;
            own.Raised = 0;
            SignalSafeCalls.daemonproxy_raise_limits(&own);
        }

        HelperWork.Run(default(RawPathCalls), plan);
        RawCalls.Exit(0);
        return 0;
    }

    /// <summary>Does the task in this process; its mask is as before afterwards.</summary>
    public static void RunHere(HelperPlan* plan)
    {
        uint mask = RawCalls.SetUmask(OwnersOnly);
        HelperWork.Run(default(RawPathCalls), plan);
        RawCalls.SetUmask(mask);
    }
}
