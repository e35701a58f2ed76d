using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Permissions and owners of files.</summary>
internal sealed unsafe partial class SimKernel
{
    // /etc/passwd, with the primary groups, and /etc/group.
    private readonly Dictionary<string, FileOwner> _users = new(StringComparer.Ordinal)
    {
        ["root"] = Both(0),
        ["daemon"] = Both(1),
        ["www-data"] = Both(33),
    };

    private readonly Dictionary<string, uint> _userGroups = new(StringComparer.Ordinal)
    {
        ["root"] = 0,
        ["adm"] = 4,
        ["www-data"] = 33,
    };

    private static FileOwner Both(uint number) => new() { User = number, Group = number };

    // USER, USER:GROUP, USER: or :GROUP; allocates nothing.
    private Errno FindOwner(ReadOnlySpan<byte> text, out FileOwner numbers)
    {
        Errno reason = Faults.Enter(SimCall.FindOwner);
        Span<char> owner = stackalloc char[text.Length];
        Encoding.Latin1.GetChars(text, owner);
        int colon = owner.IndexOf(':');
        ReadOnlySpan<char> user = colon < 0 ? owner : owner[..colon];
        ReadOnlySpan<char> group = colon < 0 ? default : owner[(colon + 1)..];
        FileOwner found = Both(FileOwner.Unchanged);
        bool isNumber = uint.TryParse(user, CultureInfo.InvariantCulture, out uint userId);
        bool isFound = isNumber || user.IsEmpty
            || _users.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(user, out found);
        uint groupId = colon >= 0 ? found.Group : FileOwner.Unchanged;
        isFound &= group.IsEmpty || uint.TryParse(group, CultureInfo.InvariantCulture, out groupId)
            || _userGroups.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(group, out groupId);
        numbers = new FileOwner { User = isNumber ? userId : found.User, Group = groupId };
        return reason != Errno.None ? reason : isFound ? Errno.None : Errno.ENOENT;
    }

    private Errno CreateFile(ReadOnlySpan<byte> path, OpenMode mode, out FdNumber fd)
    {
        fd = FdNumber.None;
        if (Find(path[..^1], out _) == Errno.None)
        {
            return Errno.EEXIST;
        }

        Errno reason = Open(path, mode | OpenMode.Create, out fd);
        if (reason == Errno.None)
        {
            ((SimRegular)FileOf(fd)!).Node.Permissions = 0;
        }

        return reason;
    }

    private Errno OpenEntry(ReadOnlySpan<byte> path, out FdNumber fd)
    {
        fd = FdNumber.None;
        Errno reason = EnterWithRoomFor(SimCall.Open, 1);
        SimNode? node = null;
        reason = reason == Errno.None ? Find(path[..^1], out node) : reason;
        if (reason == Errno.None)
        {
            fd = PutLowest(OpenNode(node!, OpenMode.Read));
        }

        return reason;
    }

    // What is given away must not have been open to others before.
    private Errno SetOwner(FdNumber fd, FileOwner owner)
    {
        Errno reason = Faults.Enter(SimCall.SetOwner);
        SimNode node = ((SimRegular)FileOf(fd)!).Node;
        if (node.Permissions != 0)
        {
            throw new SimulationException("the daemon gives a file away that others could open before");
        }

        node.Owner = reason == Errno.None ? owner : node.Owner;
        return reason;
    }

    private Errno SetPermissions(FdNumber fd, uint mode)
    {
        Errno reason = Faults.Enter(SimCall.SetPermissions);
        SimNode node = ((SimRegular)FileOf(fd)!).Node;
        node.Permissions = reason == Errno.None ? mode : node.Permissions;
        return reason;
    }
}
