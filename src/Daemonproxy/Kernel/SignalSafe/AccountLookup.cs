// Runs in a cloned child that has memory of its own: the conditions in SignalSafeCalls.cs hold for all of this
// file, and it calls nothing but RawCalls.
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// Looks up a user and groups in /etc/passwd and /etc/group, passwd(5) and group(5). A name needs an entry; a number
/// needs one only if a value of the entry is needed.
/// </summary>
internal static unsafe class AccountLookup
{
    // setresuid(2) takes it as "unchanged", so no user and no group has it.
    private const uint NoId = uint.MaxValue;
    private const int FieldsOfUser = 7;

    // Set in Prepare.
    public static byte* UserFile;
    public static byte* GroupFile;

    /// <summary>
    /// Finds the numbers, and writes the variables of the account: <c>ENOENT</c> for a name without an entry, or a user
    /// without one whose group is asked for; <c>E2BIG</c> for more groups than there is room for.
    /// </summary>
    /// <param name="settings">The settings; the subject becomes the name or the file at which it failed.</param>
    /// <param name="scratch">A buffer for reading.</param>
    /// <param name="bytes">Its size, two pages.</param>
    public static Errno Find(LaunchSettings* settings, byte* scratch, int bytes)
    {
        byte* line = scratch;
        byte* buffer = scratch + (bytes / 2);
        byte* login = stackalloc byte[LaunchSettings.VariableBytes];
        Errno reason = FindUser(settings, login, line, buffer, bytes / 2);
        return reason == Errno.None ? FindGroups(settings, login, line, buffer, bytes / 2) : reason;
    }

    private static Errno FindUser(LaunchSettings* settings, byte* login, byte* line, byte* buffer, int size)
    {
        bool isNumber = TryNumber(settings->User, &settings->UserId);
        ByteReader file = default;
        file.Open(UserFile, buffer, size);
        AccountEntry entry = default;
        bool isFound = false;
        while (!isFound && file.ReadLine(line, size - 1) != ByteReader.End)
        {
            isFound = TrySplit(line, &entry)
                && (isNumber ? entry.User == settings->UserId : IsSame(entry.Name, settings->User));
        }

        file.Close();
        login[0] = 0;
        settings->GroupId = NoId;
        if (isFound)
        {
            settings->UserId = entry.User;
            settings->GroupId = entry.Group;
            return AddVariables(settings, &entry, login);
        }

        // A system without the file has no names, but it has numbers.
        bool isMissing = file.Reason is Errno.None or Errno.ENOENT;
        settings->Subject = isMissing ? settings->User : UserFile;
        return !isMissing ? file.Reason : isNumber && settings->GroupCount > 0 ? Errno.None : Errno.ENOENT;
    }

    private static Errno AddVariables(LaunchSettings* settings, AccountEntry* entry, byte* login)
    {
        settings->Subject = entry->Name;
        byte* end = login + LaunchSettings.VariableBytes - 1;
        byte* to = login;
        if (!Append(&to, end, entry->Name))
        {
            return Errno.ENAMETOOLONG;
        }

        AccountVariables wanted = settings->AccountVariables;
        byte** place = settings->AccountPlaces;
        bool fits = Add(settings, &place, wanted & AccountVariables.User, entry->Name)
            && Add(settings, &place, wanted & AccountVariables.Logname, entry->Name)
            && Add(settings, &place, wanted & AccountVariables.Home, entry->Home)
            && Add(settings, &place, wanted & AccountVariables.Shell, entry->Shell);
        *place = null;
        return fits ? Errno.None : Errno.ENAMETOOLONG;
    }

    private static bool Add(LaunchSettings* settings, byte*** place, AccountVariables variable, byte* value)
    {
        if (variable == AccountVariables.None)
        {
            return true;
        }

        byte* text = settings->AccountText;
        byte* end = text + LaunchSettings.VariableBytes - 1;
        byte* to = text;
        settings->AccountText = text + LaunchSettings.VariableBytes;
        *(*place)++ = text;
        return Append(&to, end, NameOf(variable)) && Append(&to, end, value);
    }

    private static byte* NameOf(AccountVariables variable) => variable switch
    {
        AccountVariables.User => UserVariable,
        AccountVariables.Logname => LognameVariable,
        AccountVariables.Home => HomeVariable,
        _ => ShellVariable,
    };

    // Set in Prepare; each ends in an equals sign.
    public static byte* UserVariable;
    public static byte* LognameVariable;
    public static byte* HomeVariable;
    public static byte* ShellVariable;

    // The primary group is the first one that is named, or the user's. The others are those that are named behind it,
    // or all that have the user as a member.
    private static Errno FindGroups(LaunchSettings* settings, byte* login, byte* name, byte* buffer, int size)
    {
        uint primary = settings->GroupId;
        settings->GroupIdCount = 0;
        bool needsFile = !settings->HasOwnGroups && login[0] != 0;
        for (int index = 0; index < settings->GroupCount; index++)
        {
            uint number = NoId;
            needsFile |= !TryNumber(settings->Groups[index], &number);
            settings->GroupIds[index] = number;
        }

        if (needsFile)
        {
            Errno reason = ReadGroups(settings, login, name, buffer, size);
            if (reason != Errno.None)
            {
                return reason;
            }
        }

        for (int index = 0; index < settings->GroupCount; index++)
        {
            if (settings->GroupIds[index] == NoId)
            {
                settings->Subject = settings->Groups[index];
                return Errno.ENOENT;
            }
        }

        return Arrange(settings, primary);
    }

    // Named groups come first, then the groups of which the user is a member.
    private static Errno Arrange(LaunchSettings* settings, uint primary)
    {
        int named = settings->GroupCount;
        settings->GroupId = named > 0 ? settings->GroupIds[0] : primary;
        int count = settings->HasOwnGroups ? named : named + settings->GroupIdCount;
        int skipped = named > 0 ? 1 : 0;
        for (int index = skipped; index < count; index++)
        {
            settings->GroupIds[index - skipped] = settings->GroupIds[index];
        }

        settings->GroupIdCount = count - skipped;
        return Errno.None;
    }

    private static Errno ReadGroups(LaunchSettings* settings, byte* login, byte* name, byte* buffer, int size)
    {
        ByteReader file = default;
        file.Open(GroupFile, buffer, size);
        byte* number = stackalloc byte[16];
        for (int next = 0; next != ByteReader.End;)
        {
            next = file.ReadField(name, size - 1);
            next = next == ':' ? file.ReadField(number, 15) : next;
            next = next == ':' ? file.ReadField(number, 15) : next;
            uint group = NoId;
            bool isSound = next == ':' && TryNumber(number, &group);
            bool isMember = false;
            while (next is not (ByteReader.End or '\n'))
            {
                next = ReadMember(&file, login, &isMember);
            }

            if (isSound && !Note(settings, name, group, isMember && !settings->HasOwnGroups && login[0] != 0))
            {
                file.Close();
                settings->Subject = GroupFile;
                return Errno.E2BIG;
            }
        }

        file.Close();
        settings->Subject = GroupFile;
        return file.Reason == Errno.ENOENT ? Errno.None : file.Reason;
    }

    // One member, which ends in a comma, or with the line.
    private static int ReadMember(ByteReader* file, byte* login, bool* isMember)
    {
        byte* at = login;
        bool isSame = true;
        int next = file->Next();
        for (; next is not (ByteReader.End or '\n' or ','); next = file->Next())
        {
            isSame &= *at == next;
            at += isSame ? 1 : 0;
        }

        *isMember |= isSame && *at == 0 && at != login;
        return next;
    }

    private static bool Note(LaunchSettings* settings, byte* name, uint group, bool isMember)
    {
        for (int index = 0; index < settings->GroupCount; index++)
        {
            if (settings->GroupIds[index] == NoId && IsSame(name, settings->Groups[index]))
            {
                settings->GroupIds[index] = group;
            }
        }

        if (!isMember)
        {
            return true;
        }

        int place = settings->GroupCount + settings->GroupIdCount;
        if (place == LaunchSettings.MostGroups)
        {
            return false;
        }

        settings->GroupIds[place] = group;
        settings->GroupIdCount++;
        return true;
    }

    // NAME:PASSWORD:UID:GID:COMMENT:HOME:SHELL, each made a text of its own.
    public static bool TrySplit(byte* line, AccountEntry* entry)
    {
        byte** fields = stackalloc byte*[FieldsOfUser];
        int count = 0;
        fields[count++] = line;
        for (byte* at = line; *at != 0; at++)
        {
            if (*at == ':' && count < FieldsOfUser)
            {
                *at = 0;
                fields[count++] = at + 1;
            }
        }

        entry->Name = fields[0];
        entry->Home = fields[FieldsOfUser - 2];
        entry->Shell = fields[FieldsOfUser - 1];
        return count == FieldsOfUser && *line != 0
            && TryNumber(fields[2], &entry->User) && TryNumber(fields[3], &entry->Group);
    }

    // Decimal, and a number that a user or a group can have. What is none leaves the number as it is.
    public static bool TryNumber(byte* text, uint* number)
    {
        ulong value = 0;
        byte* at = text;
        for (; *at is >= (byte)'0' and <= (byte)'9' && value < NoId; at++)
        {
            value = (value * 10) + (ulong)(*at - '0');
        }

        bool isNumber = at != text && *at == 0 && value < NoId;
        *number = isNumber ? (uint)value : *number;
        return isNumber;
    }

    public static bool IsSame(byte* one, byte* other)
    {
        for (; *one == *other; one++, other++)
        {
            if (*one == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Append(byte** to, byte* end, byte* text)
    {
        while (*text != 0 && *to < end)
        {
            *(*to)++ = *text++;
        }

        **to = 0;
        return *text == 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct AccountEntry
    {
        public byte* Name;
        public uint User;
        public uint Group;
        public byte* Home;
        public byte* Shell;
    }
}
