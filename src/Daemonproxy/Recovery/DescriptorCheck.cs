using System.Collections.Generic;
using Daemonproxy.Access;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>The check of named descriptors: each must have its own name and still be the same file.</summary>
/// <param name="kernel">The system calls that know files.</param>
/// <param name="fds">The table, which has the descriptors that were kept before.</param>
/// <param name="access">The accesses, which were checked before.</param>
/// <param name="numbers">Gets the numbers of those that pass.</param>
internal sealed class DescriptorCheck(SystemCalls kernel, FdTable fds, AccessPolicies access, HashSet<int> numbers)
    : IRecordCheck
{
    public QuarantineReason Find(int index)
    {
        ref readonly FdRecord record = ref fds[new FdIndex(index)];
        QuarantineReason reason = FindFirst(record, index);
        if (reason == QuarantineReason.None && !record.Number.IsNone)
        {
            numbers.Add(record.Number.Value);
        }

        return reason;
    }

    // A file system that does not answer cannot be classified.
    private bool IsSound(in FdRecord record) => record.Blocking == FdBlocking.All
        ? kernel.IsOpen(record.Number)
        : CheckRules.IsSameFile(kernel, record.Number, record.Identity);

    private QuarantineReason FindFirst(in FdRecord record, int index) =>
        !CheckRules.IsName(record.Name, FixedName.Longest) ? QuarantineReason.Name
        : fds.TryFind(record.Name.Value, out _) ? QuarantineReason.SameName
        : record.Type > FdType.Pair || record.Role > ControlFdKind.ControlCommand ? QuarantineReason.State
        : record.Backlog < 0 ? QuarantineReason.Number
        : !access.Exists(record.Access) ? QuarantineReason.Access
        : !record.Number.IsNone && !IsSound(record) ? QuarantineReason.Descriptor
        : !record.Number.IsNone && numbers.Contains(record.Number.Value) ? QuarantineReason.SameDescriptor
        : fds.ClaimText(index) is not QuarantineReason.None and var text ? text
        : record.OwnerBytes > 0 && fds.RightsOf(new FdIndex(index)).Owner.Length < record.OwnerBytes
            ? QuarantineReason.Text
        : QuarantineReason.None;
}
