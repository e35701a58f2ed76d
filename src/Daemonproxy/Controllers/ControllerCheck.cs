using Daemonproxy.Kernels;
using Daemonproxy.Protocol;

namespace Daemonproxy.Controllers;

/// <summary>Whether a controller's record, found in the image after a crash, can be believed.</summary>
internal static class ControllerCheck
{
    public static bool IsSound(Kernel kernel, in ControllerRecord record) =>
        record.Kind <= ControllerKind.Socket
        && record.Dump <= DumpStage.Signals
        && record.PassedCount is >= 0 and <= PassedNumbers.Most
        && record.Inbox.IsWithin(Limits.Inbox)
        && record.Outbox.IsWithin(Limits.Outbox)
        && IsSame(kernel, record.Input, record.InputIdentity)
        && IsSame(kernel, record.Output, record.OutputIdentity);

    private static bool IsSame(Kernel kernel, FdNumber fd, in FdIdentity recorded) =>
        fd.IsNone || (kernel.Identify(fd, out FdIdentity now) == Errno.None && now.IsSameFile(recorded));
}
