using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Daemonproxy.Manager.Files;

/// <summary>Reads the files of users and groups of this machine, passwd(5) and group(5).</summary>
public static class AccountFile
{
    /// <summary>The path of the users.</summary>
    public const string Users = "/etc/passwd";

    /// <summary>The path of the groups.</summary>
    public const string Groups = "/etc/group";

    /// <summary>The fields of each line: a name, a password, a number, and others. Null if it cannot be read.</summary>
    /// <param name="path"><see cref="Users"/> or <see cref="Groups"/>.</param>
    public static IReadOnlyList<string[]>? Rows(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Select(static line => line.Split(':'))];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
