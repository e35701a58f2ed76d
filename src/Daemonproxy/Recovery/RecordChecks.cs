using System;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.State;
using Daemonproxy.Upgrade;

namespace Daemonproxy.Recovery;

/// <summary>The check of the records of a table; the first thing that is wrong with one, or none.</summary>
internal interface IRecordCheck
{
    QuarantineReason Find(int index);
}

/// <summary>The checks of records that stand alone, and what several checks have in common.</summary>
internal static class RecordChecks
{
    public static QuarantineReason Find(in LogRecord record) =>
        !record.Waiting.IsWithin(LogRecord.Bound) || record.Waiting.Length > Limits.LogBuffer ? QuarantineReason.Buffer
        : record.Handed < 0 || record.Handed > record.Waiting.Length ? QuarantineReason.Buffer
        : record.Filter is < LogLevel.None or > LogLevel.Fatal ? QuarantineReason.State
        : record.Lost < 0 ? QuarantineReason.Number
        : !IsName(record.Destination, FdName.Longest) ? QuarantineReason.Name
        : QuarantineReason.None;

    public static QuarantineReason Find(in SignalCounts counts) =>
        counts.Arrived < counts.Announced || counts.Announced < counts.Cleared || counts.Cleared < 0
            ? QuarantineReason.Counts
        : !new Instant(counts.Last).IsPlausible ? QuarantineReason.Time
        : QuarantineReason.None;

    public static QuarantineReason Find(in ControlSocketRecord record, SystemCalls kernel) =>
        record.IsListening && !IsSameFile(kernel, record.Listener, record.Identity)
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

    /// <summary>True if a name of a record can be one.</summary>
    public static bool IsName(in FixedName name, int longest) =>
        name.IsSound && Name.TryParse(name.Value.Bytes, longest, out _);

    /// <summary>True if a descriptor is still the file that it was when it was recorded.</summary>
    public static bool IsSameFile(SystemCalls kernel, FdNumber fd, in FdIdentity recorded)
    {
        Errno errno = kernel.Identify(fd, out FdIdentity now);
        return errno == Errno.None ? now.IsSameFile(recorded) : IsUnknown(errno);
    }

    /// <summary>True if a descriptor is the reading end of a pipe of ours, which never waits.</summary>
    public static bool IsReader(SystemCalls kernel, FdNumber fd)
    {
        Errno errno = kernel.Identify(fd, out FdIdentity identity);
        bool isReader = identity.Kind == FdKind.Pipe && identity.Readable && identity.Nonblocking;
        return fd.Value > 2 && (errno == Errno.None ? isReader : IsUnknown(errno));
    }

    /// <summary>
    /// True if nothing is known of a descriptor, which the check of an upgrade takes for sound: asking about those
    /// beside it may wait for a file system.
    /// </summary>
    public static bool IsUnknown(Errno errno) => errno == Errno.ENODATA;
}
