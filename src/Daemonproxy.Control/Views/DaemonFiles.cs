using System;
using System.IO;

namespace Daemonproxy.Control.Views;

/// <summary>Files of the daemon's process, from /proc/PID, which the same user and root can read.</summary>
internal static class DaemonFiles
{
    /// <summary>
    /// The regular file of one of its descriptors; null if it is another kind of file, or not visible.
    /// </summary>
    public static string? Resolve(int pid, int descriptor)
    {
        string? path = TargetOf($"/proc/{pid}/fd/{descriptor}");
        bool isFile = path is ['/', ..] && !path.StartsWith("/dev/", StringComparison.Ordinal) && File.Exists(path);
        return isFile ? path : null;
    }

    /// <summary>Its working directory; null if it is not visible.</summary>
    public static string? FolderOf(int pid) => TargetOf($"/proc/{pid}/cwd");

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
