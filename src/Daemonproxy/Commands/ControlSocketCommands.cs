using Daemonproxy.Connections;
using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>Commands about where controllers connect.</summary>
internal sealed class ControlSocketCommands(ControlSocket socket) : ISocketsCommands
{
    public CommandError SocketCreate(scoped in SocketCreateArguments arguments) =>
        socket.TryListen(arguments.Path) ? CommandError.None : Errors.NoControlSocket;

    public CommandError SocketDelete(scoped in SocketDeleteArguments arguments)
    {
        socket.Remove();
        return CommandError.None;
    }
}
