using System.Globalization;
using System.Linq;
using Daemonproxy.Manager.Files;

namespace Daemonproxy.Control.Connecting;

/// <summary>Names of users, from /etc/passwd.</summary>
internal static class UserNames
{
    /// <summary>The name of a user; the number if there is none.</summary>
    public static string Of(int user)
    {
        string number = user.ToString(CultureInfo.InvariantCulture);
        return AccountFile.Rows(AccountFile.Users)?
            .FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0] ?? number;
    }
}
