using Daemonproxy.Access;
using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>Writes <c>socket.state</c> for a control socket that is open.</summary>
internal static class SocketEvents
{
    public static void State(ref LineWriter line, ControlSocket socket, AccessPolicies table)
    {
        ref readonly ControlSocketRecord record = ref socket.Record;
        if (record.Options == SocketOptions.None)
        {
            Events.SocketStatePlain(ref line, record.Name.Value, record.Path.Value);
        }
        else if (record.Access.IsAll)
        {
            SocketOptionSet options = new(
                record.Options, record.Name.Value.Bytes, record.Mode, record.Owner.Value, Right.All.Text(), default,
                default, default, 0, 0);
            Events.SocketStateOpen(ref line, record.Name.Value, options, record.Path.Value);
        }
        else
        {
            ref readonly AccessPolicyRecord access = ref table[record.Access];
            SocketOptionSet options = new(
                record.Options, record.Name.Value.Bytes, record.Mode, record.Owner.Value, access.Allow.Text(),
                access.Prefix.Value.Bytes, access.UserText.Value, access.Cgroup.Value, access.MostServices,
                access.MostConnections);
            Events.SocketStateOpen(ref line, record.Name.Value, options, record.Path.Value);
        }
    }
}
