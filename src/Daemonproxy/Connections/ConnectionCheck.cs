using System.Collections.Generic;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>Whether the records of controllers, found in the image after a crash, can be believed.</summary>
/// <param name="kernel">Who knows what is open.</param>
/// <param name="others">The descriptors that are somebody else's: named ones, and our own.</param>
internal sealed class ConnectionCheck(SystemCalls kernel, HashSet<int> others)
{
    // The descriptors that those have that were looked at before.
    private readonly HashSet<int> _numbers = [];

    /// <summary>What is wrong with a record; none: its descriptors are taken.</summary>
    public Corruption FindCorruption(in ConnectionRecord record) =>
        record.Kind > ConnectionKind.Socket || record.Dump > DumpStage.Signals ? Corruption.State
        : record.PassedCount is < 0 or > PassedNumbers.Most
            || record.ResetSeconds < 0 || record.CloseSeconds < 0 ? Corruption.Number
        : !record.BlockedSince.IsPlausible || !record.DumpSignalTime.IsPlausible ? Corruption.Time
        : !record.Inbox.IsWithin(Limits.Inbox) || !record.Outbox.IsWithin(Limits.Outbox) ? Corruption.Buffer
        : !IsSame(record.Input, record.InputIdentity) || !IsSame(record.Output, record.OutputIdentity)
            || !ArePassedOpen(record) ? Corruption.Descriptor
        : !TryTake(record) ? Corruption.SameDescriptor
        : Corruption.None;

    private bool IsSame(FdNumber fd, in FdIdentity recorded) =>
        fd.IsNone || (kernel.Identify(fd, out FdIdentity now) == Errno.None && now.IsSameFile(recorded));

    // Of those sent along it is not known what file they were.
    private bool ArePassedOpen(in ConnectionRecord record)
    {
        bool areOpen = true;
        for (int passed = 0; passed < record.PassedCount; passed++)
        {
            FdNumber number = record.Passed[passed];
            areOpen &= number.Value > 2 && kernel.Identify(number, out _) == Errno.None;
        }

        return areOpen;
    }

    // All of them or none. A connection may have one descriptor for both its ends; what was sent along is another one.
    private bool TryTake(in ConnectionRecord record)
    {
        HashSet<int> own = [record.Input.Value, record.Output.Value];
        own.RemoveWhere(static number => number < 0);
        bool areFree = true;
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
