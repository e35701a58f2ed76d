using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Helpers;

/// <summary>What asks for helpers and is no connection.</summary>
internal sealed unsafe partial class HelperTable
{
    /// <summary>Asks for walks through trees of processes; set once, when the daemon is built.</summary>
    public ITreeOwner? TreeOwner { get; set; }

    /// <summary>Asks for control groups; set once, when the daemon is built.</summary>
    public IGroupOwner? GroupOwner { get; set; }

    /// <summary>Asks for sockets; set once, when the daemon is built.</summary>
    public ISocketOwner? SocketOwner { get; set; }

    /// <summary>Asks for the console and the program of a rescue; set once, when the daemon is built.</summary>
    public IRescueOwner? RescueOwner { get; set; }

    /// <summary>Looks after the control socket; set once, when the daemon is built.</summary>
    public IControlSocketOwner? ControlSocketOwner { get; set; }

    private void NotifyOwner(HelperSlot slot, Instant now)
    {
        HelperTask task = slot.Record.Task;
        if (task == HelperTask.FindRescue)
        {
            FinishRescue(slot);
        }
        else if (slot.HasPlan && task == HelperTask.WalkTrees)
        {
            TreeOwner?.FinishWalk(slot.Plan.Answer.Reason, slot.Plan.Trees, now);
        }
        else if (slot.HasPlan)
        {
            NotifyOwner(slot, ref slot.Plan.Answer);
        }
    }

    private void FinishRescue(HelperSlot slot)
    {
        ref HelperAnswer answer = ref slot.Plan.Answer;
        byte* found = slot.HasPlan ? answer.Found : null;
        RescueOwner?.FinishRescue(
            found == null ? default : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(found),
            slot.HasPlan ? answer.Reason : Errno.EINTR);
    }

    // What asked for the helper, and is no connection, takes what it has made.
    private void NotifyOwner(HelperSlot slot, ref HelperAnswer answer)
    {
        switch (slot.Record.Task)
        {
            case HelperTask.MakeGroup:
                GroupOwner?.FinishGroup(slot.Plan.Group, ref answer);
                break;
            case HelperTask.RenewSocket:
                SocketOwner?.FinishSocket(slot, ref answer);
                break;
            case HelperTask.RenewControlSocket:
                ControlSocketOwner?.FinishControlSocket(slot, ref answer);
                break;
            default:
                break;
        }
    }
}
