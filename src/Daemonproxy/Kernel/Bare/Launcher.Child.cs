// Runs in a cloned child that shares our memory: the conditions at the head of Bare.cs hold for all of this file.
using System.Runtime.CompilerServices;

namespace Daemonproxy.Kernels;

/// <summary>What a new child does between clone(2) and execve(2).</summary>
internal static unsafe partial class Launcher
{
    /// <summary>How a child ends that could not execute its program (protocol, section 5).</summary>
    private const int FailedLaunch = 3;

    /// <summary>umask(2) 077: what a service makes is its own.</summary>
    private const uint ServiceUmask = 0x3F;

    // Set in Prepare. The child's array of where each descriptor comes from, once it is out of the way.
    private static int* s_moved;
    private static byte* s_shell;
    private static ulong s_reset;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int RunChild(void* argument)
    {
        LaunchPlan* plan = (LaunchPlan*)argument;
        ResetSignals();
        Errno reason = MoveDescriptors(plan);
        if (reason == Errno.None)
        {
            reason = PlaceDescriptors(plan);
        }

        if (reason != Errno.None)
        {
            plan->FailedReason = reason;
            plan->FailedStep = LaunchStep.Descriptors;
            Bare._exit(FailedLaunch);
        }

        _ = Bare.umask(ServiceUmask);
        Bare.ChangeMask(Bare.SIG_SETMASK, 0, null);
        plan->FailedReason = Search(plan);
        plan->FailedStep = LaunchStep.Execute;
        Bare._exit(FailedLaunch);
        return FailedLaunch;
    }

    // Ignored signals stay ignored through execve, and a handler of ours must not run here once the mask is empty.
    private static void ResetSignals()
    {
        for (int signal = 1; signal <= Signal.Highest; signal++)
        {
            if (((s_reset >> (signal - 1)) & 1) != 0)
            {
                Bare.SetDisposition(signal, 0);
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
                source = Bare.fcntl(source, Bare.F_DUPFD_CLOEXEC, count);
                if (source < 0)
                {
                    return Bare.LastError;
                }
            }

            s_moved[target] = source;
        }

        return Errno.None;
    }

    private static Errno PlaceDescriptors(LaunchPlan* plan)
    {
        int count = plan->DescriptorCount;
        for (int target = 0; target < count; target++)
        {
            int source = s_moved[target];
            if (source < 0)
            {
                _ = Bare.close(target);
                continue;
            }

            int result = source == target ? Bare.fcntl(target, Bare.F_SETFD, 0) : Bare.dup2(source, target);
            if (result < 0)
            {
                return Bare.LastError;
            }
        }

        Bare.CloseRange((uint)count, uint.MaxValue);
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
        _ = Bare.execve(file, arguments, plan->Environment);
        Errno reason = Bare.LastError;
        if (reason != Errno.ENOEXEC)
        {
            return reason;
        }

        byte* name = arguments[0];
        arguments[-1] = s_shell;
        arguments[0] = file;
        _ = Bare.execve(s_shell, arguments - 1, plan->Environment);
        reason = Bare.LastError;
        arguments[0] = name;
        return reason;
    }
}
