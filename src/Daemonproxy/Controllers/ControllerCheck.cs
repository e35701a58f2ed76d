using System.Collections.Generic;
using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Protocol;

namespace Daemonproxy.Controllers;

/// <summary>Whether the records of controllers, found in the image after a crash, can be believed.</summary>
internal sealed class ControllerCheck(Kernel kernel)
{
    // The descriptors that those have that were looked at before.
    private readonly HashSet<int> _numbers = [];

    /// <summary>What is wrong with a record; none: its descriptors are taken.</summary>
    public Flaw FindFlaw(in ControllerRecord record) =>
        record.Kind > ControllerKind.Socket || record.Dump > DumpStage.Signals ? Flaw.State
        : record.PassedCount is < 0 or > PassedNumbers.Most
            || record.ResetSeconds < 0 || record.CloseSeconds < 0 ? Flaw.Number
        : !record.BlockedSince.IsPlausible || !record.DumpSignalTime.IsPlausible ? Flaw.Time
        : !record.Inbox.IsWithin(Limits.Inbox) || !record.Outbox.IsWithin(Limits.Outbox) ? Flaw.Buffer
        : !IsSame(record.Input, record.InputIdentity) || !IsSame(record.Output, record.OutputIdentity)
            ? Flaw.Descriptor
        : !TryTake(record) ? Flaw.SameDescriptor
        : Flaw.None;

    private bool IsSame(FdNumber fd, in FdIdentity recorded) =>
        fd.IsNone || (kernel.Identify(fd, out FdIdentity now) == Errno.None && now.IsSameFile(recorded));

    // All of them or none.
    private bool TryTake(in ControllerRecord record)
    {
        List<int> taken = [];
        bool isOwn = TryTake(record.Input, taken)
            && (record.Output == record.Input || TryTake(record.Output, taken));
        for (int passed = 0; isOwn && passed < record.PassedCount; passed++)
        {
            isOwn = TryTake(record.Passed[passed], taken);
        }

        if (!isOwn)
        {
            _numbers.ExceptWith(taken);
        }

        return isOwn;
    }

    private bool TryTake(FdNumber fd, List<int> taken)
    {
        bool isOwn = fd.IsNone || _numbers.Add(fd.Value);
        if (isOwn && !fd.IsNone)
        {
            taken.Add(fd.Value);
        }

        return isOwn;
    }
}
