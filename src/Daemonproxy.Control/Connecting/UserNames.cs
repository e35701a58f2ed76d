using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Daemonproxy.Control.Connecting;

/// <summary>Names of users, from /etc/passwd.</summary>
internal static class UserNames
{
    /// <summary>The name of a user; the number if there is none.</summary>
    public static string Of(int user)
    {
        string number = user.ToString(CultureInfo.InvariantCulture);
        try
        {
            return File.ReadLines("/etc/passwd").Select(line => line.Split(':'))
                .FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0] ?? number;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return number;
        }
    }
}
