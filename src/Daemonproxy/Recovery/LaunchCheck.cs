using System;
using System.Collections.Generic;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>
/// The check of launches under way: the descriptor must be the reading end of a pipe, and of no other owner. Whether
/// the service is being launched is checked later, by ServiceLauncher.Continue.
/// </summary>
/// <param name="kernel">The system calls that know files.</param>
/// <param name="slots">The slots.</param>
/// <param name="others">Descriptors that belong to no connection; those of launches are added.</param>
/// <param name="owners">The number of records of services.</param>
internal sealed class LaunchCheck(SystemCalls kernel, LaunchSlots slots, HashSet<int> others, int owners)
    : IRecordCheck
{
    public QuarantineReason Find(int index) => Find(slots.All[index].Record);

    private QuarantineReason Find(in LaunchRecord record) =>
        record.State > LaunchState.Cancelled ? QuarantineReason.State
        : (uint)record.Owner >= (uint)owners || (uint)record.Filled > LaunchReport.Bytes ? QuarantineReason.Number
        : !record.Deadline.IsPlausible && record.Deadline != Instant.Never ? QuarantineReason.Time
        : record.Report.SubjectValue.ContainsAny("\t\n"u8) ? QuarantineReason.Text
        : !CheckRules.IsReader(kernel, record.Source) ? QuarantineReason.Descriptor
        : !others.Add(record.Source.Value) ? QuarantineReason.SameDescriptor
        : QuarantineReason.None;
}
