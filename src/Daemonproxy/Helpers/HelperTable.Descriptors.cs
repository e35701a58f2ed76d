using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Helpers;

/// <summary>The descriptors of helpers, while no record has them.</summary>
internal sealed partial class HelperTable
{
    private bool _hadSlow;

    /// <summary>
    /// True if a helper was killed that may have opened something before it could say what: the kernel has the number
    /// before the answer has it.
    /// </summary>
    public bool HasSurplus { get; private set; }

    /// <summary>
    /// True if a helper may have opened a file that may stop answering, and that the daemon does not know yet; or has
    /// since the start or the last resume; or if a connection has one.
    /// </summary>
    public bool MayHaveSlow
    {
        get
        {
            bool may = _hadSlow;
            foreach (HelperSlot slot in _slots)
            {
                may |= slot.HasProcess && slot.Record.Task is HelperTask.Open or HelperTask.Examine;
            }

            return may;
        }
    }

    /// <summary>A connection has a file that may stop answering.</summary>
    public void NoteSlow() => _hadSlow = true;

    /// <summary>
    /// Takes the notice of a possibly unrecorded descriptor; not while another helper runs, which may have opened one,
    /// too.
    /// </summary>
    public bool TryTakeSurplusNotice()
    {
        if (!HasSurplus)
        {
            return false;
        }

        foreach (HelperSlot slot in _slots)
        {
            if (slot.HasProcess && MayOpen(slot.Record.Task))
            {
                return false;
            }
        }

        HasSurplus = false;
        return true;
    }

    /// <summary>
    /// Leaves a descriptor to be closed behind the helper that writes to it; false when none does. Its number must not
    /// be that of another file before.
    /// </summary>
    public bool TryCloseBehind(FdNumber fd)
    {
        foreach (HelperSlot slot in _slots)
        {
            if (slot.HasProcess && slot.HasPlan && IsWriting(slot.Record.Task) && slot.Plan.Fds[0] == fd)
            {
                slot.Plan.FdsBegun = 0;
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds the descriptors that helpers have made, and those that are to be closed.</summary>
    public int CollectNumbers(Span<FdNumber> into)
    {
        int count = Closer.CollectNumbers(into);
        foreach (HelperSlot slot in _slots)
        {
            if (slot.IsFree || !slot.HasPlan)
            {
                continue;
            }

            ref HelperPlan plan = ref slot.Plan;
            if (!plan.Answer.Fd.IsNone)
            {
                into[count++] = plan.Answer.Fd;
            }

            for (int at = plan.FdsBegun; !MayOpen(plan.Task) && at < plan.FdCount; at++)
            {
                into[count++] = plan.Fds[at];
            }
        }

        return count;
    }

    private static bool MayOpen(HelperTask task) => task != HelperTask.Close && !IsWriting(task);

    private static bool IsWriting(HelperTask task) => task is HelperTask.WriteLog or HelperTask.WriteOutput;
}
