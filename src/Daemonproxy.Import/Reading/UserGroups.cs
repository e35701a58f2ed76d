using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Daemonproxy.Import.Reading;

/// <summary>The first groups of users, as the files of this machine have them, passwd(5) and group(5).</summary>
internal static class UserGroups
{
    /// <summary>The first group of a user, by its name or number; null for a user that is not in the file.</summary>
    public static string? FirstOf(string user)
    {
        string? number = Lines("/etc/passwd")
            .FirstOrDefault(fields => fields.Length > 3 && (fields[0] == user || fields[2] == user))?[3];
        return number is null ? null : Lines("/etc/group")
            .FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0] ?? number;
    }

    private static IEnumerable<string[]> Lines(string file)
    {
        try
        {
            return [.. File.ReadLines(file).Select(static line => line.Split(':'))];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
