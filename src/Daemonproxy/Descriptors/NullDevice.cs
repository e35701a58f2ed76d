using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>
/// /dev/null, null(4). Where it is missing, as for process 1 before /dev is mounted, the root directory stands in for
/// it: reading it and writing to it fail at once, and nothing waits. A named one is replaced when it is needed next.
/// At its start process 1 makes a device node of its own first, which needs a root directory that can be written.
/// </summary>
internal static class NullDevice
{
    /// <summary>Opens it, or what stands in for it; none when there are no descriptors left.</summary>
    public static FdNumber Open(SystemCalls kernel, OpenMode mode)
    {
        FdNumber number = OpenReal(kernel, mode);
        return !number.IsNone || kernel.Open("/\0"u8, OpenMode.Read, out number) == Errno.None ? number : FdNumber.None;
    }

    /// <summary>The same at the start, where process 1 makes one if there is none.</summary>
    public static FdNumber OpenFirst(SystemCalls kernel, OpenMode mode, bool isInit)
    {
        FdNumber number = OpenReal(kernel, mode);
        bool isMade = number.IsNone && isInit && kernel.OpenNewNullDevice(out number) == Errno.None;
        return isMade || !number.IsNone ? number : Open(kernel, mode);
    }

    /// <summary>Opens it; none when it is not there.</summary>
    public static FdNumber OpenReal(SystemCalls kernel, OpenMode mode) =>
        kernel.Open("/dev/null\0"u8, mode, out FdNumber number) == Errno.None ? number : FdNumber.None;

    /// <summary>True if this is the descriptor named <c>null</c> and another file stands in for it.</summary>
    public static bool IsStandIn(in FdRecord record) =>
        record.IsConstant && record.Role == ControlFdKind.Plain
        && (record.Number.IsNone || record.Identity.IsDirectory);
}
