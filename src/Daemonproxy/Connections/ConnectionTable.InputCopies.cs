using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>The helpers that copy inputs which may stop answering: see <see cref="Connection.AwaitCopy"/>.</summary>
internal sealed partial class ConnectionTable
{
    // The kernel had no process for a helper that copies an input. A try costs one system call.
    private const int RetrySeconds = 1;

    private bool MayStartCopy(Connection connection) =>
        connection.Record.WaitsForCopy && _helpers.CanGoOn(connection.Index);

    // A helper is started as soon as there is one, and again after a crash.
    private void Copy(Connection connection)
    {
        if (_helpers.TryTakeAnswer(connection.Index, out HelperAnswer answer, out _))
        {
            FdNumber former = connection.EndCopy(ref answer);
            if (!former.IsNone)
            {
                _helpers.Closer.Close(former, FdBlocking.All);
            }
        }
        else if (MayStartCopy(connection)
            && _helpers.TryPrepare(HelperTask.CopyInput, default, out HelperSlot slot))
        {
            slot.Plan.Fds[0] = connection.Record.Input;
            _helpers.Start(slot, connection.Index);
        }
    }
}
