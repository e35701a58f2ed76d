using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;

namespace Daemonproxy.Control.Connecting;

/// <summary>The program that a daemon runs.</summary>
internal static class DaemonProgram
{
    private const int MostMilliseconds = 1000;

    /// <summary>The file of the program of a process; null if it is not visible.</summary>
    public static string? PathOf(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/exe").LinkTarget;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// The version that the program of a process prints for <c>--version</c>; null if it cannot be executed, which
    /// takes the rights of ptrace(2) over the process.
    /// </summary>
    public static string? VersionOf(int pid)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo($"/proc/{pid}/exe", ["--version"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            string line = process?.StandardOutput.ReadLine() ?? "";
            if (process?.WaitForExit(MostMilliseconds) == false)
            {
                process.Kill();
            }

            int version = line.IndexOf("version ", StringComparison.Ordinal);
            return version < 0 ? null : line[(version + "version ".Length)..].Split(' ')[0];
        }
        catch (Exception problem) when (problem is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }
}
