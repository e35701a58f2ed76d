using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The children that services make, and the walks that find them.</summary>
internal sealed unsafe partial class SimKernel
{
    /// <summary>A child of a service, in its group and session.</summary>
    public SimProcess Fork(SimProcess parent, ulong ignored)
    {
        SimProcess process = Neighbour();
        process.Group = parent.Group;
        process.Session = parent.Session;
        process.Ignored = ignored;
        return process;
    }

    // A walk through /proc. A process that is not a child of the daemon is reaped by another one.
    private Errno WalkTrees(TreePlan* plan)
    {
        for (int index = 0; index < plan->Count; index++)
        {
            ref TreeEntry tree = ref plan->Entries[index];
            tree.Found = 0;
            tree.IsReused = false;
            foreach (SimProcess process in _processes)
            {
                if (process.State != SimProcessState.Running || process.Session != tree.Session.Value)
                {
                    continue;
                }

                tree.Found++;
                tree.IsReused |= tree.IsLeaderGone && process.Pid == tree.Session.Value;
                if (tree.Signal != 0 && !tree.IsReused)
                {
                    Deliver(process, tree.Signal);
                    process.State = process is { IsChild: false, State: SimProcessState.Zombie }
                        ? SimProcessState.Free : process.State;
                }
            }
        }

        return Errno.None;
    }
}
