// Runs in a cloned child that shares our memory and runs beside us: the conditions in SignalSafeCalls.cs hold for
// all of this file, and it calls nothing but RawCalls, since errno is the parent's, too.
using System.Runtime.CompilerServices;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// The child of an upgrade check between clone(2) and execveat(2): it records the identity of each descriptor of the
/// daemon, and closes all of them. So the checked program holds no descriptor whose end another process waits for.
/// </summary>
internal static unsafe class UpgradeCheckChild
{
    private const int LastStandard = 2;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Run(void* argument)
    {
        CheckPlan* plan = (CheckPlan*)argument;
        LaunchChild.ResetSignals();
        plan->FailedReason = Do(plan);
        RawCalls.Exit(LaunchChild.FailedLaunch);
        return LaunchChild.FailedLaunch;
    }

    // Returns only on failure.
    private static Errno Do(CheckPlan* plan)
    {
        nint result = 0;
        if (plan->SharesTable != 0)
        {
            result = RawCalls.LeaveFrom(HelperPlan.FirstHigh);
            if (result >= 0)
            {
                plan->SharesTable = 0;
                RawCalls.WakeFor(&plan->SharesTable);
            }
        }

        if (result >= 0)
        {
            WriteTable(plan->Table, plan->End);
            result = Place(plan);
        }

        if (result >= 0)
        {
            RawCalls.SetMask(0);
            result = RawCalls.ExecuteDescriptor(plan->Program, plan->Empty, plan->Arguments, plan->Environment);
        }

        if (result == -(int)Errno.ENOENT)
        {
            // A script: its interpreter opens it again, by the number of its descriptor.
            RawCalls.Fcntl(plan->Program, F_SETFD, 0);
            result = RawCalls.ExecuteDescriptor(plan->Program, plan->Empty, plan->Arguments, plan->Environment);
        }

        return (Errno)(-result);
    }

    // If a pipe or the memory is full, the table ends early and lacks later descriptors.
    private static void WriteTable(int file, int end)
    {
        DescriptorSnapshotHeader head;
        head.Magic = DescriptorSnapshotHeader.ExpectedMagic;
        head.RecordBytes = sizeof(DescriptorFact);
        head.End = end;
        RawCalls.Write(file, &head, sizeof(DescriptorSnapshotHeader));
        DescriptorFact fact = default;
        for (int fd = 0; fd < end; fd++)
        {
            if (RawPathCalls.Identify(fd, out fact.Identity) == Errno.None)
            {
                fact.Number = fd;
                RawCalls.Write(file, &fact, sizeof(DescriptorFact));
            }
        }

        fact = default;
        fact.Number = DescriptorFact.EndOfTable;
        RawCalls.Write(file, &fact, sizeof(DescriptorFact));
    }

    // The table is the input, and the answer the output. Standard error goes to /dev/null, or, without one, after the
    // end of the table.
    private static nint Place(CheckPlan* plan)
    {
        nint result = RawCalls.Duplicate(plan->Input, 0);
        result = result < 0 ? result : RawCalls.Duplicate(plan->Answer, 1);
        result = result < 0 ? result : RawCalls.Duplicate(plan->Null >= 0 ? plan->Null : plan->Input, LastStandard);
        result = result < 0 ? result : RawCalls.Fcntl(plan->Image, F_SETFD, 0);
        int low = plan->Image < plan->Program ? plan->Image : plan->Program;
        int high = plan->Image < plan->Program ? plan->Program : plan->Image;
        CloseBetween(LastStandard, low);
        CloseBetween(low, high);
        RawCalls.CloseRange((uint)high + 1, uint.MaxValue);
        return result;
    }

    private static void CloseBetween(int low, int high)
    {
        if (high - low > 1)
        {
            RawCalls.CloseRange((uint)low + 1, (uint)high - 1);
        }
    }
}

/// <summary>All that the child of an upgrade check needs; it writes only its outcome.</summary>
internal unsafe struct CheckPlan
{
    /// <summary>The program to ask: open(2) with O_PATH, close-on-exec, above 2.</summary>
    public int Program;

    /// <summary>An empty text.</summary>
    public byte* Empty;
    public byte** Arguments;
    public byte** Environment;

    /// <summary>A copy of the image; above 2.</summary>
    public int Image;

    /// <summary>The empty file or the pipe that gets the table of descriptors; above 2.</summary>
    public int Table;

    /// <summary>The same file, or the other end of the pipe, which becomes the input; above 2.</summary>
    public int Input;

    /// <summary>The pipe that becomes the output; above 2.</summary>
    public int Answer;

    /// <summary>/dev/null, above 2; below 0 when there is none.</summary>
    public int Null;

    /// <summary>Descriptors are looked at below this number.</summary>
    public int End;

    /// <summary>The errno of a failed execution.</summary>
    public Errno FailedReason;

    /// <summary>
    /// Not 0 while the child, which is to leave the descriptors from <see cref="HelperPlan.FirstHigh"/> on behind,
    /// still uses our table of them.
    /// </summary>
    public int SharesTable;

    /// <summary>
    /// Not 0 while a check uses this plan and its stack: the kernel itself sets it to 0 when the child has executed its
    /// program or has ended (CLONE_CHILD_CLEARTID).
    /// </summary>
    public int IsInUse;
}
