using System.Collections.Generic;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Readiness;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>The check of notify sockets. Whether a service has the socket as well is looked at later.</summary>
/// <param name="kernel">The system calls that know files.</param>
/// <param name="table">The table.</param>
/// <param name="others">Descriptors that belong to no connection; the sockets are added.</param>
/// <param name="services">The number of services that there can be.</param>
internal sealed class NotifyCheck(SystemCalls kernel, NotifyTable table, HashSet<int> others, int services)
    : IRecordCheck
{
    public QuarantineReason Find(int index) => Find(table[index]);

    private QuarantineReason Find(in NotifyRecord record) =>
        record.ServicePlace < 0 || record.ServicePlace > services ? QuarantineReason.Number
        : record.WatchdogTime < 0 || record.StatusBytes < 0 || record.MainPid.Value < 0 ? QuarantineReason.Number
        : record.WatchdogDue != Instant.Never && !record.WatchdogDue.IsPlausible ? QuarantineReason.Time
        : record.IsOver || IsOwnSocket(record.Socket) ? QuarantineReason.None
        : QuarantineReason.Descriptor;

    // No other record has it.
    private bool IsOwnSocket(FdNumber fd)
    {
        Errno errno = kernel.Identify(fd, out FdIdentity identity);
        bool isSocket = identity.Kind == FdKind.Socket && identity.Nonblocking
            && identity.SocketType == (ushort)SocketType.Datagram;
        return fd.Value > 2 && (errno == Errno.None ? isSocket : CheckRules.IsUnknown(errno)) && others.Add(fd.Value);
    }
}
