using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>
/// Writes outputs that may block, by helpers: see <see cref="Connection.WriteByHelper"/>.
/// </summary>
internal sealed partial class ConnectionTable : IHelperOwner
{
    void IHelperOwner.Finish(HelperSlot slot, ref HelperAnswer answer, Instant now) =>
        _connections[slot.Record.Writer].FinishWrite(
            slot.Record.Progress.Written, slot.Record.Progress.Reason, now);

    /// <summary>At the end of the daemon: helpers write what is left.</summary>
    public void LeaveOutput()
    {
        foreach (Connection connection in Used)
        {
            if (connection.IsInUse)
            {
                connection.LeaveOutput();
            }
        }
    }
}
