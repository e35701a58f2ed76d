using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Helpers;

/// <summary>The descriptors of helpers, while no record has them.</summary>
internal sealed partial class HelperTable
{
    /// <summary>
    /// Whether a helper was killed that may have opened something before it could say what: the kernel has the number
    /// before the answer has it.
    /// </summary>
    public bool HasSurplus { get; private set; }

    /// <summary>
    /// Takes the notice that there may be a descriptor that nobody knows; not while another helper is at work, which
    /// may have opened one, too.
    /// </summary>
    public bool TryTakeSurplusNotice()
    {
        if (!HasSurplus)
        {
            return false;
        }

        foreach (HelperSlot slot in _slots)
        {
            if (slot.HasProcess && slot.Record.Task != HelperTask.Close)
            {
                return false;
            }
        }

        HasSurplus = false;
        return true;
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

            for (int at = plan.FdsBegun; plan.Task == HelperTask.Close && at < plan.FdCount; at++)
            {
                into[count++] = plan.Fds[at];
            }
        }

        return count;
    }
}
