using Daemonproxy.Connections;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>Commands about where controllers connect.</summary>
internal sealed class ControlSocketCommands(ControlSocket socket, CommandHelper helper) : ISocketsCommands
{
    public CommandError SocketCreate(scoped in SocketCreateArguments arguments)
    {
        if (helper.TryTakeAnswer(out HelperAnswer answer, out HelperSlot slot))
        {
            return socket.Finish(arguments.Path, answer, slot) ? CommandError.None : Errors.NoControlSocket;
        }

        if (!helper.IsFree())
        {
            return CommandError.None;
        }

        if (!socket.TryPlan(arguments.Path, out slot))
        {
            return Errors.NoControlSocket;
        }

        answer.Reason = helper.Start(slot);
        bool isRefused = answer.Reason != Errno.None && !socket.Finish(arguments.Path, answer, slot);
        return isRefused ? Errors.NoControlSocket : CommandError.None;
    }

    public CommandError SocketDelete(scoped in SocketDeleteArguments arguments)
    {
        // What does not come of it is only the removal of the file.
        if (helper.TryTakeAnswer(out _) || socket.Listener.IsNone)
        {
            socket.StopListening();
            return CommandError.None;
        }

        if (helper.TryPrepare(HelperTask.RemoveSocketFile, default, out HelperSlot slot))
        {
            socket.PlanRemoval(ref slot.Plan);
            if (helper.Start(slot) != Errno.None)
            {
                socket.StopListening();
            }
        }

        return CommandError.None;
    }
}
