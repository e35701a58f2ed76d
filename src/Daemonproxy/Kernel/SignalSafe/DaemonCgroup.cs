// Runs in a helper, which is a cloned child: the conditions in SignalSafeCalls.cs hold for all of this file, and
// it calls nothing but RawCalls.
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// The leaf in which the daemon is, with what it has started without a group of its own: a group with members can have
/// no controllers for the groups below it, cgroups(7).
/// </summary>
internal static unsafe class DaemonCgroup
{
    // The generations from a process up to the daemon, at most: where the chain changes meanwhile, it ends.
    private const int MostGenerations = 64;
    private const int MostRounds = 8;
    private const int StatBytes = 256;

    // Set in Prepare.
    public static byte* ProcSlash;
    public static byte* StatFile;

    /// <summary>Makes the leaf, and moves this helper and the daemon into it.</summary>
    public static nint MoveDaemon(ref CgroupDirectory path, GroupPlan* plan)
    {
        int length = path.Length;
        path.AppendPart(CgroupMaker.Leaf);
        nint result = path.MakeDirectory();
        result = result == -(int)Errno.EEXIST ? 0 : result;
        byte* number = stackalloc byte[24];
        CgroupDirectory.WriteNumber(number, plan->DaemonPid.Value);
        result = result < 0 ? result : path.Write(CgroupMaker.Procs, CgroupMaker.Self);
        if (result >= 0)
        {
            // Before: this helper may be killed.
            plan->HasLeaf = true;
            result = path.Write(CgroupMaker.Procs, number);
            plan->HasLeaf = result >= 0;
        }

        path.Cut(result < 0 ? path.Length : length);
        return result;
    }

    /// <summary>
    /// Moves the descendants of the daemon that are in its own group, to which the path leads, into the leaf. Whether
    /// there were any.
    /// </summary>
    public static bool MoveOthers(ref CgroupDirectory path, GroupPlan* plan)
    {
        int length = path.Length;
        bool hasMoved = false;
        bool goesOn = true;
        for (int round = 0; round < MostRounds && goesOn; round++)
        {
            goesOn = false;
            byte* members = plan->Room + (3 * GroupPlan.PathBytes);
            nint count = path.Read(CgroupMaker.Procs, members, GroupPlan.PathBytes);
            byte* at = members;
            path.AppendPart(CgroupMaker.Leaf);
            while (count > 0 && *at != 0)
            {
                byte* member = at;
                int pid = CgroupDirectory.ReadNumber(&at);
                bool isWhole = *at == (byte)'\n';
                *at = 0;
                at += isWhole ? 1 : 0;
                if (isWhole && IsDescendant(pid, plan->DaemonPid.Value) && path.Write(CgroupMaker.Procs, member) >= 0)
                {
                    hasMoved = true;
                    goesOn = true;
                }
            }

            path.Cut(length);
        }

        return hasMoved;
    }

    private static bool IsDescendant(int pid, int daemon)
    {
        for (int generation = 0; generation < MostGenerations && pid > 1 && pid != daemon; generation++)
        {
            pid = ParentOf(pid);
        }

        return pid == daemon;
    }

    // PID (NAME) STATE PARENT; the name can have anything in it. 0 when the process is gone.
    private static int ParentOf(int pid)
    {
        byte* room = stackalloc byte[StatBytes];
        CgroupDirectory path = default;
        path.Begin(room, StatBytes);
        path.Append(ProcSlash);
        path.AppendNumber(pid);
        byte* text = stackalloc byte[StatBytes];
        nint count = path.Read(StatFile, text, StatBytes);
        byte* at = text + (count < 0 ? 0 : count);
        while (at > text && *at != (byte)')')
        {
            at--;
        }

        at += 4;
        return count > 0 && at < text + count ? CgroupDirectory.ReadNumber(&at) : 0;
    }
}
