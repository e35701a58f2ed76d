using System.Linq;
using Daemonproxy.Manager.Files;

namespace Daemonproxy.Import.Reading;

/// <summary>The first groups of users, as the files of this machine have them.</summary>
internal static class UserGroups
{
    /// <summary>The first group of a user, by its name or number; null for a user that is not in the file.</summary>
    public static string? FirstOf(string user)
    {
        string? number = AccountFile.Rows(AccountFile.Users)?
            .FirstOrDefault(fields => fields.Length > 3 && (fields[0] == user || fields[2] == user))?[3];
        return number is null ? null : AccountFile.Rows(AccountFile.Groups)?
            .FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0] ?? number;
    }
}
