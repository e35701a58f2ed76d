using System;
using System.Globalization;
using System.IO;

namespace Daemonproxy.Control.Acting;

/// <summary>Counts processes.</summary>
internal static class TreeCount
{
    /// <summary>The processes of a session, by field 6 of /proc/PID/stat, proc(5).</summary>
    public static int OfSession(int session)
    {
        const int fieldsAfterName = 3;
        int count = 0;
        string wanted = session.ToString(CultureInfo.InvariantCulture);
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(folder["/proc/".Length]))
            {
                continue;
            }

            try
            {
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                count += fields[fieldsAfterName] == wanted && fields[0] != "Z" ? 1 : 0;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // It has ended.
            }
        }

        return count;
    }
}
