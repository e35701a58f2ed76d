using System;
using Daemonproxy.Access;
using Daemonproxy.Protocol;
using Daemonproxy.Settings;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>
/// The check of accesses: one that is damaged bounds nothing, so it is dropped, and with it all that belongs to it.
/// </summary>
internal sealed class AccessCheck(AccessPolicies table) : IRecordCheck
{
    public QuarantineReason Find(int index) => Find(table[new AccessPolicyIndex((byte)(index + 1))]);

    private static QuarantineReason Find(in AccessPolicyRecord record) =>
        record.Allow is not (Right.Watch or Right.Jobs) ? QuarantineReason.State
        : !record.Socket.IsSound || !CheckRules.IsName(record.Prefix, FixedName.Longest - 1) ? QuarantineReason.Name
        : record.MostServices is < 1 or > Limits.Services
            || record.MostConnections is < 1 or > Limits.MostControllers ? QuarantineReason.Number
        : IsUser(record.User.Value) && IsGroup(record.Cgroup.Value) ? QuarantineReason.None
        : QuarantineReason.Text;

    private static bool IsUser(ReadOnlySpan<byte> user) => user.IsEmpty || new UserFields(user).AreValid();

    private static bool IsGroup(ReadOnlySpan<byte> path) => path.IsEmpty || new CgroupFields(path).AreValid();
}
