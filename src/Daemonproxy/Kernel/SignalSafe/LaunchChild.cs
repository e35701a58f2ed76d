// Runs in a cloned child that shares our memory: the conditions at the head of SignalSafe/ hold for all of this file.
using System.Runtime.CompilerServices;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>What a new child does between clone(2) and execve(2).</summary>
internal static unsafe class LaunchChild
{
    /// <summary>How a child ends that could not execute its program (protocol, section 5).</summary>
    public const int FailedLaunch = 3;

    /// <summary>umask(2) 077: what a service makes is its own.</summary>
    private const uint ServiceUmask = 0x3F;

    private const LaunchStep First = LaunchStep.Descriptors;

    // Set in Prepare.
    public static byte* Shell;
    public static ulong SignalsToReset;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int RunChild(void* argument)
    {
        LaunchPlan* plan = (LaunchPlan*)argument;
        LaunchStep step = First;
        Errno reason = Do(step, plan);
        while (reason == Errno.None)
        {
            step++;
            reason = Do(step, plan);
        }

        plan->FailedReason = reason;
        plan->FailedStep = step;
        SignalSafeCalls._exit(FailedLaunch);
        return FailedLaunch;
    }

    // The table of the child's steps. They are done in the order of the enum, and the one that fails is the one that is
    // reported. The last one returns only on failure.
    private static Errno Do(LaunchStep step, LaunchPlan* plan) => step switch
    {
        LaunchStep.Descriptors => SetDescriptors(plan),
        _ => ExecuteProgram(plan),
    };

    private static Errno SetDescriptors(LaunchPlan* plan)
    {
        Errno reason = MoveDescriptors(plan);
        return reason == Errno.None ? PlaceDescriptors(plan) : reason;
    }

    // Dispositions before the mask, or a handler of ours runs in here.
    private static Errno ExecuteProgram(LaunchPlan* plan)
    {
        ResetSignals();
        _ = SignalSafeCalls.umask(ServiceUmask);
        SignalSafeCalls.ChangeMask(SIG_SETMASK, 0, null);
        return Search(plan);
    }

    // Ignored signals stay ignored through execve, and a handler of ours must not run here once the mask is empty.
    public static void ResetSignals()
    {
        for (int signal = 1; signal <= Signal.Highest; signal++)
        {
            if (((SignalsToReset >> (signal - 1)) & 1) != 0)
            {
                SignalSafeCalls.SetDisposition(signal, 0);
            }
        }
    }

    // A source that is also a target, and not its own, is first duplicated to a number above all targets.
    private static Errno MoveDescriptors(LaunchPlan* plan)
    {
        int count = plan->DescriptorCount;
        for (int target = 0; target < count; target++)
        {
            int source = plan->Descriptors[target];
            if (source == LaunchPlan.Undefined)
            {
                return Errno.EBADF;
            }

            if (source >= 0 && source < count && source != target)
            {
                source = SignalSafeCalls.fcntl(source, F_DUPFD_CLOEXEC, count);
                if (source < 0)
                {
                    return SignalSafeCalls.LastError;
                }
            }

            plan->Moved[target] = source;
        }

        return Errno.None;
    }

    private static Errno PlaceDescriptors(LaunchPlan* plan)
    {
        int count = plan->DescriptorCount;
        for (int target = 0; target < count; target++)
        {
            int source = plan->Moved[target];
            if (source < 0)
            {
                _ = SignalSafeCalls.close(target);
                continue;
            }

            int result = source == target
                ? SignalSafeCalls.fcntl(target, F_SETFD, 0) : SignalSafeCalls.dup2(source, target);
            if (result < 0)
            {
                return SignalSafeCalls.LastError;
            }
        }

        SignalSafeCalls.CloseRange((uint)count, uint.MaxValue);
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
        _ = SignalSafeCalls.execve(file, arguments, plan->Environment);
        Errno reason = SignalSafeCalls.LastError;
        if (reason != Errno.ENOEXEC)
        {
            return reason;
        }

        byte* name = arguments[0];
        arguments[-1] = Shell;
        arguments[0] = file;
        _ = SignalSafeCalls.execve(Shell, arguments - 1, plan->Environment);
        reason = SignalSafeCalls.LastError;
        arguments[0] = name;
        return reason;
    }
}
