using System.Collections.Generic;
using Daemonproxy.Access;
using Daemonproxy.Connections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>
/// The check of connections: their descriptors must be open, the same files as before, and of no other owner.
/// </summary>
/// <param name="kernel">The system calls that know files.</param>
/// <param name="connections">The table.</param>
/// <param name="access">The accesses, which were checked before.</param>
/// <param name="others">Descriptors that belong to no connection: named ones, the control socket, the image.</param>
internal sealed class ConnectionCheck(
    SystemCalls kernel, ConnectionTable connections, AccessPolicies access, HashSet<int> others)
    : IRecordCheck
{
    // The descriptors of the connections that were checked before.
    private readonly HashSet<int> _numbers = [];

    public QuarantineReason Find(int index) => Find(connections.All[index].Record);

    private QuarantineReason Find(in ConnectionRecord record) =>
        record.Kind > ConnectionKind.Socket || record.Dump > DumpStage.Sockets || !MayWaitForCopy(record)
            || !MayBeSlow(record)
            ? QuarantineReason.State
        : !access.Exists(record.Access) ? QuarantineReason.Access
        : record.PassedCount is < 0 or > PassedNumbers.Most
            || record.Given < 0 || !IsGivenWithin(record) || record.ResetSeconds < 0 || record.CloseSeconds < 0
            || record.DumpLine is < ConnectionRecord.DumpAnew or > ConnectionRecord.MostDumpLines
            ? QuarantineReason.Number
        : !record.Service.IsSound ? QuarantineReason.Name
        : !record.BlockedSince.IsPlausible || !record.DumpSignalTime.IsPlausible ? QuarantineReason.Time
        : !record.Inbox.IsWithin(Limits.Inbox) || !record.Outbox.IsWithin(Limits.Outbox) ? QuarantineReason.Buffer
        : !IsSameInput(record) || !IsSameOutput(record) || !ArePassedOpen(record) ? QuarantineReason.Descriptor
        : !TryClaim(record) ? QuarantineReason.SameDescriptor
        : QuarantineReason.None;

    private static bool MayWaitForCopy(in ConnectionRecord record) =>
        !record.WaitsForCopy
        || (record.Kind is ConnectionKind.Interactive or ConnectionKind.Config
            && record.InputIdentity.Kind == FdKind.File);

    private static bool MayBeSlow(in ConnectionRecord record) =>
        record.IsOutputSlow
            ? record.Kind == ConnectionKind.Interactive && record.OutputIdentity.Kind == FdKind.File
                && record.Handed >= 0 && record.Handed <= record.Outbox.Length
            : record.Handed == 0;

    // One that may stop answering is not asked what it is.
    private bool IsSameInput(in ConnectionRecord record) =>
        record.WaitsForCopy ? kernel.IsOpen(record.Input) : IsSame(record.Input, record.InputIdentity);

    private bool IsSameOutput(in ConnectionRecord record) =>
        record.IsOutputSlow ? kernel.IsOpen(record.Output) : IsSame(record.Output, record.OutputIdentity);

    private bool IsSame(FdNumber fd, in FdIdentity recorded) =>
        fd.IsNone || CheckRules.IsSameFile(kernel, fd, recorded);

    private static bool IsGivenWithin(in ConnectionRecord record) =>
        record.Given == 0
        || (record.GivenStart >= 0 && record.GivenStart < record.GivenEnd && record.GivenEnd <= Limits.Outbox);

    // For descriptors that were sent along no identity is recorded.
    private bool ArePassedOpen(in ConnectionRecord record)
    {
        bool areOpen = record.Given == 0 || (record.GivenNumber.Value > 2 && kernel.IsOpen(record.GivenNumber));
        for (int passed = 0; passed < record.PassedCount; passed++)
        {
            FdNumber number = record.Passed[passed];
            areOpen &= number.Value > 2 && kernel.IsOpen(number);
        }

        return areOpen;
    }

    // All of them or none. A connection may have one descriptor for both its ends; what was sent along is another one.
    private bool TryClaim(in ConnectionRecord record)
    {
        HashSet<int> own = [record.Input.Value, record.Output.Value];
        own.RemoveWhere(static number => number < 0);
        bool areFree = record.Given == 0
            || (own.Add(record.GivenNumber.Value) && !others.Contains(record.GivenNumber.Value));
        for (int passed = 0; passed < record.PassedCount; passed++)
        {
            int number = record.Passed[passed].Value;
            areFree &= own.Add(number) && !others.Contains(number);
        }

        areFree &= !own.Overlaps(_numbers);
        if (areFree)
        {
            _numbers.UnionWith(own);
        }

        return areFree;
    }
}
