using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Settings;

/// <summary>
/// The fields of <c>service.user</c>: the user, then groups. The first group is the primary one, in place of the
/// user's; further ones are the supplementary groups, in place of those that have the user as a member. <c>-</c> as the
/// last field: no supplementary groups.
/// </summary>
internal readonly ref struct UserFields(ReadOnlySpan<byte> fields)
{
    /// <summary>The user and the groups; a <c>-</c> is not one of them.</summary>
    public FieldList Names { get; } = new(fields.EndsWith("\t-"u8) ? fields[..^2] : fields);

    /// <summary>True if the supplementary groups are those that are named, or none.</summary>
    public bool HasOwnGroups => HasDash || CountGroups() > 1;

    private bool HasDash { get; } = fields.EndsWith("\t-"u8);

    /// <summary>The number of groups that are named.</summary>
    public int CountGroups()
    {
        int count = -1;
        foreach (ReadOnlySpan<byte> _ in Names)
        {
            count++;
        }

        return Math.Max(count, 0);
    }

    /// <summary>
    /// True if the fields name a user and groups that a process can have: no name has a colon, which separates the
    /// fields of passwd(5), and <c>-</c> is the last one.
    /// </summary>
    public bool AreValid()
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> name in Names)
        {
            if (name.Contains((byte)':') || name.SequenceEqual("-"u8))
            {
                return false;
            }

            count++;
        }

        return count is > 0 and <= LaunchSettings.MostGroups;
    }
}
