using System;
using System.Globalization;
using System.IO;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Manager.Running;

/// <summary>Identifies the process of a mark by its PID and its start time (proc(5)).</summary>
public static class OwnProcess
{
    private const int StartTimeField = 22;

    /// <summary>
    /// Field 22 of /proc/PID/stat: clock ticks from the start of the machine; 0 if there is no such process.
    /// </summary>
    /// <param name="pid">The process.</param>
    public static long Began(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return 0;
        }

        // The second field is the name of the program, in parentheses; it can have blanks and parentheses in it.
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartTimeField - 3
            ? TagWords.Number(fields[StartTimeField - 3])
            : 0;
    }

    /// <summary>True if the manager that left a mark still runs.</summary>
    /// <param name="mark">Its mark.</param>
    public static bool IsAlive(ManagerMark mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        return mark.Pid > 0 && mark.Began > 0 && Began(mark.Pid) == mark.Began;
    }
}
