using System;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.State;
using Daemonproxy.Upgrade;

namespace Daemonproxy.Recovery;

/// <summary>The checks of the records that are the only one of their region.</summary>
internal static class SingleRecordChecks
{
    public static QuarantineReason Find(in LogRecord record) =>
        !record.Waiting.IsWithin(LogRecord.Bound) || record.Waiting.Length > Limits.LogBuffer ? QuarantineReason.Buffer
        : record.Handed < 0 || record.Handed > record.Waiting.Length ? QuarantineReason.Buffer
        : record.Filter is < LogLevel.None or > LogLevel.Fatal ? QuarantineReason.State
        : record.Lost < 0 ? QuarantineReason.Number
        : !CheckRules.IsName(record.Destination, FdName.Longest) ? QuarantineReason.Name
        : QuarantineReason.None;

    public static QuarantineReason Find(in SignalCounts counts) =>
        counts.Arrived < counts.Announced || counts.Announced < counts.Cleared || counts.Cleared < 0
            ? QuarantineReason.Counts
        : !new Instant(counts.Last).IsPlausible ? QuarantineReason.Time
        : QuarantineReason.None;

    public static QuarantineReason Find(in ControlSocketRecord record, SystemCalls kernel) =>
        record.IsListening && !CheckRules.IsSameFile(kernel, record.Listener, record.Identity)
            ? QuarantineReason.Descriptor
            : QuarantineReason.None;

    public static QuarantineReason Find(in UpgradeRecord record, int connections) =>
        !record.IsPending ? QuarantineReason.None
        : (uint)record.Connection >= (uint)connections ? QuarantineReason.Connection
        : record.LineLength is < 0 or > Limits.Line ? QuarantineReason.Buffer
        : record.CheckProcess.Value < 0 ? QuarantineReason.Process
        : ((ReadOnlySpan<byte>)record.Line)[..record.LineLength].ContainsAny((byte)'\n', (byte)0)
            ? QuarantineReason.Text
        : QuarantineReason.None;
}
