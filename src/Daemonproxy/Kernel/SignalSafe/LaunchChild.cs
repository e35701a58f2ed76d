// Runs in a cloned child that shares our memory and runs beside us: the conditions in SignalSafeCalls.cs hold for
// all of this file, and it calls nothing but RawCalls, since errno is the parent's, too.
using System.Runtime.CompilerServices;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>The code of a new child between clone(2) and execve(2).</summary>
internal static unsafe class LaunchChild
{
    /// <summary>The exit code of a child that could not execute its program (protocol, section 5).</summary>
    public const int FailedLaunch = 3;

    private const LaunchStep First = LaunchStep.Process + 1;

    // Set in Prepare.
    public static byte* Shell;
    public static ulong SignalsToReset;

    // The soft limit of open files that programs get; 0 for the daemon's.
    public static ulong OpenFiles;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int RunChild(void* argument)
    {
        LaunchPlan* plan = (LaunchPlan*)argument;
        plan->Place = -1;
        plan->Step = LaunchStep.Descriptors;
        Errno reason = plan->SharesTable != 0 ? LeaveHigh(plan) : Errno.None;
        reason = reason == Errno.None ? DoAll(plan, plan->Steps & plan->StepsFirst) : reason;
        reason = reason == Errno.None ? DoAll(plan, plan->Steps & ~plan->StepsFirst) : reason;

        LaunchReport report;
        report.Pid = RawCalls.ProcessId();
        report.Step = plan->Step;
        report.Reason = reason;
        Describe(plan, reason, (byte*)&report.Subject);
        RawCalls.Write(plan->Report, &report, LaunchReport.Bytes);
        RawCalls.Exit(FailedLaunch);
        return FailedLaunch;
    }

    // In the order of the enum, up to the first that fails.
    private static Errno DoAll(LaunchPlan* plan, uint steps)
    {
        Errno reason = Errno.None;
        for (LaunchStep step = First; step <= LaunchStep.Execute && reason == Errno.None; step++)
        {
            if (((steps >> (int)step) & 1) != 0)
            {
                plan->Step = step;
                reason = Do(step, plan);
            }
        }

        return reason;
    }

    // The object of the failed step, as far as there is room, padded with NULs.
    private static void Describe(LaunchPlan* plan, Errno reason, byte* subject)
    {
        byte* interpreter = (byte*)&plan->Interpreter;
        bool lacksInterpreter = reason == Errno.ENOENT && *interpreter != 0;
        byte* from = lacksInterpreter ? interpreter : plan->Arguments[0];
        byte end = 0;
        if (plan->Step == LaunchStep.Descriptors)
        {
            end = (byte)'\t';
            from = NameAt(plan->Names, plan->Place);
        }
        else if (plan->Step != LaunchStep.Execute)
        {
            // If the step has no object, an empty text.
            from = plan->Settings->Subject == null ? &end : plan->Settings->Subject;
        }

        for (int i = 0; i < LaunchReport.SubjectBytes; i++)
        {
            bool goesOn = i < LaunchReport.SubjectBytes - 1 && *from != 0 && *from != end;
            subject[i] = goesOn ? *from++ : (byte)0;
        }
    }

    // Empty fields are left out, as they are when descriptors are resolved.
    private static byte* NameAt(byte* names, int place)
    {
        while (true)
        {
            while (*names == (byte)'\t')
            {
                names++;
            }

            if (place-- <= 0)
            {
                return names;
            }

            names = Find(names, (byte)'\t');
        }
    }

    // The table of the child's steps. They are done in the order of the enum, but for those that come first, and the
    // one that fails is the one that is reported. The last one returns only on failure.
    private static Errno Do(LaunchStep step, LaunchPlan* plan) => step switch
    {
        LaunchStep.Descriptors => SetDescriptors(plan),
        LaunchStep.Execute => ExecuteProgram(plan),
        _ => Apply(step, plan),
    };

    private static Errno Apply(LaunchStep step, LaunchPlan* plan)
    {
        LaunchSettings* settings = plan->Settings;
        settings->Subject = null;
        return step switch
        {
            LaunchStep.Cgroup => ChildAttributes.EnterGroup(plan),
            LaunchStep.Account => AccountLookup.Find(settings, plan->Scratch, plan->ScratchBytes),
            LaunchStep.Texts => ArgumentsFromFd.Read(plan),
            LaunchStep.Notify => NotifyBinding.Bind(settings),
            LaunchStep.Session => ChildAttributes.SetSession(settings),
            LaunchStep.Sched => ChildAttributes.SetScheduling(settings),
            LaunchStep.Nice => ChildAttributes.SetNice(settings),
            LaunchStep.Ionice => ChildAttributes.SetIoPriority(settings),
            LaunchStep.Oom => ChildAttributes.SetOom(settings, plan->StepsFirst != 0),
            LaunchStep.Limits => ChildAttributes.SetLimits(settings),
            LaunchStep.Mounts => ChildMounts.SetMounts(settings, plan->Scratch, plan->ScratchBytes),
            LaunchStep.Root => ChildAttributes.SetRoot(settings, RawPathCalls.Root),
            LaunchStep.Groups => ChildCredentials.SetGroups(settings),
            LaunchStep.User => ChildCredentials.SetUser(settings),
            LaunchStep.Dir => ChildAttributes.SetDirectory(settings),
            LaunchStep.Caps => ChildCredentials.SetCapabilities(settings),
            LaunchStep.NoNewPrivs => ChildCredentials.ForbidNewPrivileges(),
            _ => ChildAttributes.SetParentDeathSignal(settings),
        };
    }

    private static Errno SetDescriptors(LaunchPlan* plan)
    {
        Errno reason = plan->LeavesHigh ? LeaveHigh(plan) : Errno.None;
        reason = reason == Errno.None ? MoveReport(plan) : reason;
        reason = reason == Errno.None ? MoveDescriptors(plan) : reason;
        reason = reason == Errno.None ? PlaceDescriptors(plan) : reason;
        return reason == Errno.None && OpenFiles != 0 ? ChildAttributes.LowerOpenFiles(OpenFiles) : reason;
    }

    // The daemon waits for this, so that nothing comes before it where the table is shared. If it fails, the table is
    // shared until this process ends.
    private static Errno LeaveHigh(LaunchPlan* plan)
    {
        nint result = RawCalls.LeaveFrom(HelperPlan.FirstHigh);
        if (result >= 0)
        {
            plan->SharesTable = 0;
            RawCalls.WakeFor(&plan->SharesTable);
        }

        return RawCalls.ReasonOf(result);
    }

    // Dispositions before the mask, or a handler of ours runs in here.
    private static Errno ExecuteProgram(LaunchPlan* plan)
    {
        ResetSignals();
        if (plan->Settings != null)
        {
            WritePid(plan->Settings->ListenPid);
            WritePid(plan->Settings->WatchdogPid);
        }

        RawCalls.SetUmask(plan->Umask);
        RawCalls.SetMask(0);
        return Search(plan);
    }

    private static void WritePid(byte* to)
    {
        if (to != null)
        {
            CgroupDirectory.WriteNumber(to, RawCalls.ProcessId());
        }
    }

    // Ignored signals stay ignored through execve, and a handler of ours must not run here once the mask is empty.
    public static void ResetSignals()
    {
        for (int signal = 1; signal <= Signal.Highest; signal++)
        {
            if (((SignalsToReset >> (signal - 1)) & 1) != 0)
            {
                RawCalls.SetDefault(signal);
            }
        }
    }

    // The pipe goes above all targets, too, and ends by executing.
    private static Errno MoveReport(LaunchPlan* plan)
    {
        if (plan->Report >= plan->DescriptorCount)
        {
            return RawCalls.ReasonOf(RawCalls.Fcntl(plan->Report, F_SETFD, FD_CLOEXEC));
        }

        nint moved = RawCalls.Fcntl(plan->Report, F_DUPFD_CLOEXEC, plan->DescriptorCount);
        if (moved >= 0)
        {
            // The old number becomes another file, or is closed.
            plan->Report = (int)moved;
        }

        return RawCalls.ReasonOf(moved);
    }

    // A source that is also a target, and not its own, is first duplicated to a number above all targets.
    private static Errno MoveDescriptors(LaunchPlan* plan)
    {
        int count = plan->DescriptorCount;
        for (int target = 0; target < count; target++)
        {
            plan->Place = target;
            nint source = plan->Descriptors[target];
            if (source == LaunchPlan.Undefined)
            {
                return Errno.EBADF;
            }

            if (source >= 0 && source < count && source != target)
            {
                source = RawCalls.Fcntl((int)source, F_DUPFD_CLOEXEC, count);
                if (source < 0)
                {
                    return RawCalls.ReasonOf(source);
                }
            }

            plan->Moved[target] = (int)source;
        }

        return Errno.None;
    }

    private static Errno PlaceDescriptors(LaunchPlan* plan)
    {
        int count = plan->DescriptorCount;
        for (int target = 0; target < count; target++)
        {
            plan->Place = target;
            int source = plan->Moved[target];
            if (source < 0)
            {
                RawCalls.Close(target);
                continue;
            }

            nint result = source == target
                ? RawCalls.Fcntl(target, F_SETFD, 0) : RawCalls.Duplicate(source, target);
            if (result < 0)
            {
                return RawCalls.ReasonOf(result);
            }
        }

        if (plan->Report > count)
        {
            RawCalls.CloseRange((uint)count, (uint)plan->Report - 1);
        }

        RawCalls.CloseRange((uint)plan->Report + 1, uint.MaxValue);
        return Errno.None;
    }

    /// <summary>
    /// Executes the plan's program in the place of this process; returns only on failure, with the reason.
    /// </summary>
    /// <remarks>
    /// As execvp(3): a name with a slash is not searched; a refusal does not end the search, but is the answer if
    /// nothing else is found; an empty element of the path is the current directory.
    /// </remarks>
    public static Errno Search(LaunchPlan* plan)
    {
        byte* name = plan->Arguments[0];
        if (*name == 0)
        {
            return Errno.ENOENT;
        }

        if (*Find(name, (byte)'/') != 0)
        {
            return Execute(plan, name);
        }

        Errno reason = Errno.ENOENT;
        bool refused = false;
        for (byte* directory = plan->SearchPath; ; directory++)
        {
            byte* end = Find(directory, (byte)':');
            reason = Compose(plan, directory, end, name) ? Execute(plan, plan->Scratch) : Errno.ENAMETOOLONG;
            refused |= reason == Errno.EACCES;
            if (!GoesOn(reason) || *end == 0)
            {
                return refused && GoesOn(reason) ? Errno.EACCES : reason;
            }

            directory = end;
        }
    }

    private static bool GoesOn(Errno reason) => reason is Errno.EACCES or Errno.ENOENT or Errno.ENOTDIR
        or Errno.ESTALE or Errno.ENODEV or Errno.ETIMEDOUT or Errno.ENAMETOOLONG;

    private static byte* Find(byte* text, byte wanted)
    {
        while (*text != 0 && *text != wanted)
        {
            text++;
        }

        return text;
    }

    // DIRECTORY/NAME in the scratch room; false if it does not fit.
    private static bool Compose(LaunchPlan* plan, byte* directory, byte* end, byte* name)
    {
        byte* at = plan->Scratch;
        byte* limit = at + plan->ScratchBytes;
        if (directory == end && at < limit)
        {
            *at++ = (byte)'.';
        }

        while (directory < end && at < limit)
        {
            *at++ = *directory++;
        }

        if (at < limit)
        {
            *at++ = (byte)'/';
        }

        while (at < limit)
        {
            *at++ = *name;
            if (*name++ == 0)
            {
                return true;
            }
        }

        return false;
    }

    // Returns only on failure. A file without a format that the kernel knows is a script for the shell.
    private static Errno Execute(LaunchPlan* plan, byte* file)
    {
        byte** arguments = plan->Arguments;
        byte* interpreter = (byte*)&plan->Interpreter;
        Errno reason = RawCalls.ReasonOf(RawCalls.Execute(file, arguments, plan->Environment));
        if (reason == Errno.ENOENT && *interpreter == 0)
        {
            ExecRefusal.FindInterpreter(file, interpreter);
        }

        if (reason != Errno.ENOEXEC || !ExecRefusal.IsScript(file))
        {
            return reason;
        }

        byte* name = arguments[0];
        arguments[-1] = Shell;
        arguments[0] = file;
        reason = RawCalls.ReasonOf(RawCalls.Execute(Shell, arguments - 1, plan->Environment));
        arguments[0] = name;
        ExecRefusal.Copy(Shell, interpreter);
        return reason;
    }
}
