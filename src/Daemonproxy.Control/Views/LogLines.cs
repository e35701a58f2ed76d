using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Views;

/// <summary>
/// The log lines of the daemon about a service, if its log goes to a file. The daemon itself keeps no history.
/// </summary>
internal static class LogLines
{
    private const int Most = 10;
    private const int StandardError = 2;

    /// <summary>Writes up to ten lines; nothing if there are none, or the file is not visible.</summary>
    public static void Write(Output output, string name, int? daemon)
    {
        if (daemon is not { } pid || DaemonFiles.Resolve(pid, StandardError) is not { } path)
        {
            return;
        }

        string[] lines = [.. Find(path, name).TakeLast(Most)];
        if (lines.Length > 0)
        {
            output.WriteLine($"The daemon's log ({VisibleText.Of(path)})");
            foreach (string line in lines)
            {
                output.WriteLine($"  {line}");
            }
        }
    }

    private static List<string> Find(string path, string name)
    {
        List<string> found = [];
        try
        {
            ReadOnlySpan<byte> left = FileTail.ReadEnd(path);
            byte[] quoted = Encoding.UTF8.GetBytes($"'{name}'");
            while (!left.IsEmpty)
            {
                int feed = left.IndexOf((byte)'\n');
                ReadOnlySpan<byte> line = feed < 0 ? left : left[..feed];
                if (line.IndexOf(quoted) >= 0)
                {
                    found.Add(VisibleText.Of(line));
                }

                left = feed < 0 ? default : left[(feed + 1)..];
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // It is not seen.
        }

        return found;
    }
}
