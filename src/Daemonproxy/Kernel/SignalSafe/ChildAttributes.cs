// Runs in a cloned child, beside us: the conditions in SignalSafeCalls.cs hold for all of this file, and it calls
// nothing but RawCalls, since errno may be the parent's, too.
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// The steps by which a child becomes the process that the settings of its service describe; credentials are in
/// <see cref="ChildCredentials"/>. Each step records its object for the report of a failure.
/// </summary>
internal static unsafe class ChildAttributes
{
    private const int PR_SET_PDEATHSIG = 1;

    // Set in Prepare.
    public static byte* OomFile;

    /// <summary>The control group, unless a helper could not make it, or the process was made in it.</summary>
    public static Errno EnterGroup(LaunchPlan* plan)
    {
        LaunchSettings* settings = plan->Settings;
        settings->Subject = settings->GroupSubject;
        if (settings->GroupReason != Errno.None || plan->IsBornInGroup)
        {
            return settings->GroupReason;
        }

        settings->Subject = CgroupMaker.Procs;
        int fd = RawCalls.OpenToWriteAt(plan->Group, CgroupMaker.Procs);
        nint result = fd < 0 ? fd : RawCalls.TryWrite(fd, CgroupMaker.Self, 1);
        if (fd >= 0)
        {
            RawCalls.Close(fd);
        }

        return RawCalls.ReasonOf(result);
    }

    /// <summary>setsid(2) or setpgid(2), and the controlling terminal.</summary>
    public static Errno SetSession(LaunchSettings* settings)
    {
        nint result = settings->LeadsSession ? RawCalls.LeadSession() : RawCalls.LeadGroup();
        if (result >= 0 && settings->Terminal >= 0)
        {
            result = RawCalls.SetTerminal(settings->Terminal);
        }

        return RawCalls.ReasonOf(result);
    }

    public static Errno SetScheduling(LaunchSettings* settings)
    {
        nint result = settings->Policy < 0 ? 0 : RawCalls.SetScheduler(settings->Policy, settings->Priority);
        if (result >= 0 && settings->HasProcessors)
        {
            result = RawCalls.SetProcessors(settings->Processors, LaunchSettings.MostProcessors / 8);
        }

        return RawCalls.ReasonOf(result);
    }

    public static Errno SetNice(LaunchSettings* settings) => RawCalls.ReasonOf(RawCalls.SetNice(settings->Nice));

    public static Errno SetIoPriority(LaunchSettings* settings) =>
        RawCalls.ReasonOf(RawCalls.SetIoPriority(settings->IoPriority));

    /// <summary>
    /// Only in memory of its own: the kernel keeps one value for all that share it. After a change of the user the
    /// files below /proc/self are root's until the memory can be dumped again, proc(5).
    /// </summary>
    public static Errno SetOom(LaunchSettings* settings, bool hasOtherUser)
    {
        const int PR_SET_DUMPABLE = 4;
        if (hasOtherUser)
        {
            RawCalls.Control(PR_SET_DUMPABLE, 1, 0);
        }

        settings->Subject = OomFile;
        int fd = RawCalls.OpenToWrite(OomFile);
        if (fd < 0)
        {
            return (Errno)(-fd);
        }

        nint result = RawCalls.TryWrite(fd, settings->Oom, settings->OomLength);
        RawCalls.Close(fd);
        return RawCalls.ReasonOf(result);
    }

    /// <summary>
    /// Sets the soft limit of open files, RLIMIT_NOFILE of setrlimit(2), to the hard one at most. Many programs take it
    /// for a bound that they may use up, or close so many descriptors one by one.
    /// </summary>
    public static Errno LowerOpenFiles(ulong soft)
    {
        const int OpenFiles = 7;
        ulong* limit = stackalloc ulong[2];
        nint result = RawCalls.GetLimit(OpenFiles, limit);
        if (result >= 0)
        {
            limit[0] = soft < limit[1] ? soft : limit[1];
            result = RawCalls.SetLimit(OpenFiles, limit);
        }

        return RawCalls.ReasonOf(result);
    }

    public static Errno SetLimits(LaunchSettings* settings)
    {
        for (int index = 0; index < settings->LimitCount; index++)
        {
            LaunchLimit* limit = settings->Limits + index;
            settings->Subject = limit->Text;
            nint result = RawCalls.SetLimit(limit->Resource, &limit->Soft);
            if (result < 0)
            {
                return RawCalls.ReasonOf(result);
            }
        }

        return Errno.None;
    }

    /// <summary>The working directory is in the new root from then on.</summary>
    public static Errno SetRoot(LaunchSettings* settings, byte* root)
    {
        settings->Subject = settings->Root;
        nint result = RawCalls.SetRoot(settings->Root);
        return RawCalls.ReasonOf(result < 0 ? result : RawCalls.SetDirectory(root));
    }

    public static Errno SetDirectory(LaunchSettings* settings)
    {
        settings->Subject = settings->Directory;
        return RawCalls.ReasonOf(RawCalls.SetDirectory(settings->Directory));
    }

    /// <summary>A daemon that has ended already sends no signal any more: then there is no daemon to outlive.</summary>
    public static Errno SetParentDeathSignal(LaunchSettings* settings)
    {
        nint result = RawCalls.Control(PR_SET_PDEATHSIG, settings->ParentDeathSignal, 0);
        return result < 0 ? RawCalls.ReasonOf(result)
            : RawCalls.Parent() == settings->Parent ? Errno.None
            : Errno.ESRCH;
    }
}
