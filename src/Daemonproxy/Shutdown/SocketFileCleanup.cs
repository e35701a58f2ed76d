using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Services;

namespace Daemonproxy.Shutdown;

/// <summary>The files of the sockets of <c>fd.socket</c>, and of notify sockets, at the end of the daemon.</summary>
internal sealed class SocketFileCleanup(
    SystemCalls kernel, FdTable fds, HelperTable helpers, NotifyFileCleanup notifyFiles)
{
    /// <summary>
    /// Closes the sockets that have a file, and removes the files of those that no other process has: a service that
    /// goes on running keeps its own. May wait.
    /// </summary>
    public void RemoveUnused()
    {
        notifyFiles.RemoveAll(kernel);
        FixedName name = default;
        for (FdIndex index = fds.After(name); !index.IsNone; index = fds.After(name))
        {
            ref readonly FdRecord record = ref fds[index];
            name = record.Name;
            if (!record.File.IsNone && helpers.TryPrepare(HelperTask.RemoveSocketFile, default, out HelperSlot slot))
            {
                record.File.Plan(ref slot.Plan);
                slot.Plan.Fds[0] = record.Number;
                slot.Plan.FdCount = 1;
                kernel.DoPlan(ref slot.Plan);
            }
        }
    }
}
