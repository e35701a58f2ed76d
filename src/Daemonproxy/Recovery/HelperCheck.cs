using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>The check of helpers. One whose process is not a child of ours has ended, or was never made.</summary>
/// <param name="helpers">The table.</param>
/// <param name="connections">The number of connections.</param>
internal sealed class HelperCheck(HelperTable helpers, int connections) : IRecordCheck
{
    public QuarantineReason Find(int index) => Find(helpers.All[index].Record);

    private QuarantineReason Find(in HelperRecord record) =>
        record.State > HelperState.Lost || record.Task > HelperTask.WriteOutput ? QuarantineReason.State
        : record.Connection < HelperRecord.NoConnection || record.Connection >= connections
            || (uint)record.Writer >= (uint)connections
            ? QuarantineReason.Connection
        : record.Progress.Written is < 0 or > HelperTable.MostOutput ? QuarantineReason.Number
        : record.Pid.Value < 0 ? QuarantineReason.Process
        : !record.Deadline.IsPlausible && record.Deadline != Instant.Never ? QuarantineReason.Time
        : QuarantineReason.None;
}
