// Runs in a helper, a cloned child: the conditions in SignalSafeCalls.cs hold for all of this file, and it calls
// nothing but RawCalls.
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// Looks the owner of a file up in /etc/passwd and /etc/group, passwd(5) and group(5), as chown(1) does. A number needs
/// no entry, but for <c>USER:</c>.
/// </summary>
internal static unsafe class OwnerLookup
{
    private const int LineBytes = 2048;

    /// <summary>Finds the numbers: <c>ENOENT</c> for a name without an entry.</summary>
    /// <param name="owner">USER, USER:GROUP, USER: or :GROUP, ended by NUL; it is cut in two.</param>
    /// <param name="numbers">The numbers; what is not named is not changed.</param>
    public static Errno Find(byte* owner, FileOwner* numbers)
    {
        byte* groupName = owner;
        while (*groupName is not ((byte)':' or 0))
        {
            groupName++;
        }

        bool hasColon = *groupName != 0;
        if (hasColon)
        {
            *groupName++ = 0;
        }

        uint user = FileOwner.Unchanged;
        uint group = FileOwner.Unchanged;
        bool wantsPrimary = hasColon && *groupName == 0;
        Errno reason = Errno.None;
        if (*owner != 0 && (!AccountLookup.TryNumber(owner, &user) || wantsPrimary))
        {
            reason = FindUser(owner, wantsPrimary, &user, &group);
        }

        if (reason == Errno.None && *groupName != 0 && !AccountLookup.TryNumber(groupName, &group))
        {
            reason = FindGroup(groupName, &group);
        }

        numbers->User = user;
        numbers->Group = group;
        return reason;
    }

    // By its name, or by its number if that is known already.
    private static Errno FindUser(byte* name, bool wantsPrimary, uint* user, uint* group)
    {
        byte* line = stackalloc byte[LineBytes];
        byte* buffer = stackalloc byte[LineBytes];
        bool isNumber = *user != FileOwner.Unchanged;
        ByteReader file = default;
        file.Open(AccountLookup.UserFile, buffer, LineBytes);
        AccountLookup.AccountEntry entry = default;
        bool isFound = false;
        while (!isFound && file.ReadLine(line, LineBytes - 1) != ByteReader.End)
        {
            isFound = AccountLookup.TrySplit(line, &entry)
                && (isNumber ? entry.User == *user : AccountLookup.IsSame(entry.Name, name));
        }

        file.Close();
        if (isFound)
        {
            *user = entry.User;
            *group = wantsPrimary ? entry.Group : *group;
        }

        return isFound ? Errno.None : file.Reason == Errno.None ? Errno.ENOENT : file.Reason;
    }

    // NAME:PASSWORD:GID:MEMBERS
    private static Errno FindGroup(byte* name, uint* group)
    {
        byte* field = stackalloc byte[LineBytes];
        byte* buffer = stackalloc byte[LineBytes];
        ByteReader file = default;
        file.Open(AccountLookup.GroupFile, buffer, LineBytes);
        bool isFound = false;
        int next = 0;
        while (!isFound && next != ByteReader.End)
        {
            next = file.ReadField(field, LineBytes - 1);
            bool isSame = AccountLookup.IsSame(field, name);
            next = next == ':' ? file.ReadField(field, LineBytes - 1) : next;
            next = next == ':' ? file.ReadField(field, LineBytes - 1) : next;
            isFound = next == ':' && isSame && AccountLookup.TryNumber(field, group);
            while (next is not (ByteReader.End or '\n'))
            {
                next = file.Next();
            }
        }

        file.Close();
        return isFound ? Errno.None : file.Reason == Errno.None ? Errno.ENOENT : file.Reason;
    }
}
