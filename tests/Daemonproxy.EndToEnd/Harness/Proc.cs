using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>The kernel's facts about a process, proc(5).</summary>
internal static class Proc
{
    /// <summary>A field of /proc/PID/status, such as <c>State</c> or <c>VmRSS</c>, without its unit.</summary>
    public static string Status(int pid, string field) => Field($"/proc/{pid}/status", field);

    public static ulong SignalSet(int pid, string field) =>
        ulong.Parse(Status(pid, field), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>A field of the process's memory map rolled up, in kilobytes: exact, unlike those in status.</summary>
    public static long Kilobytes(int pid, string field) =>
        Kilobytes(File.ReadAllLines($"/proc/{pid}/smaps_rollup"), field);

    /// <summary>The same of a memory map that was read before, to compare fields of one moment.</summary>
    public static long Kilobytes(string[] rollup, string field) =>
        long.Parse(Field(rollup, field), CultureInfo.InvariantCulture);

    /// <summary>
    /// The sum of a field, in kilobytes, over all mappings whose file begins so, and whose permissions are these.
    /// </summary>
    public static long Mapped(int pid, string file, string field, string permissions = "")
    {
        long sum = 0;
        bool isWanted = false;
        foreach (string line in File.ReadLines($"/proc/{pid}/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!words[0].EndsWith(':'))
            {
                isWanted = words.Length > 5
                    && words[5].StartsWith(file, StringComparison.Ordinal)
                    && words[1].StartsWith(permissions, StringComparison.Ordinal);
            }
            else if (isWanted && words[0] == field + ":")
            {
                sum += long.Parse(words[1], CultureInfo.InvariantCulture);
            }
        }

        return sum;
    }

    public static long StatusNumber(int pid, string field) =>
        long.Parse(Status(pid, field), CultureInfo.InvariantCulture);

    /// <summary>The open descriptors with what each is, such as <c>pipe:[42]</c>.</summary>
    public static SortedDictionary<int, string> Descriptors(int pid)
    {
        SortedDictionary<int, string> found = [];
        foreach (string path in Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd"))
        {
            int number = int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture);
            found[number] = new FileInfo(path).LinkTarget ?? "gone";
        }

        return found;
    }

    /// <summary>True if the process is there and not a zombie.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            return Status(pid, "State") is not ['Z' or 'X', ..];
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The children of a process, zombies among them.</summary>
    public static int[] Children(int pid) =>
        [.. File.ReadAllText($"/proc/{pid}/task/{pid}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => int.Parse(word, CultureInfo.InvariantCulture))];

    /// <summary>The number of times that the threads of a process went to sleep of their own will.</summary>
    /// <summary>The session of a process, as the test sees it, proc_pid_stat(5).</summary>
    public static int SessionOf(int pid)
    {
        string text = File.ReadAllText($"/proc/{pid}/stat");
        return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[3], CultureInfo.InvariantCulture);
    }

    public static long Sleeps(int pid) =>
        Directory.EnumerateDirectories($"/proc/{pid}/task")
            .Sum(task => long.Parse(Field($"{task}/status", "voluntary_ctxt_switches"), CultureInfo.InvariantCulture));

    /// <summary>Waits until a process that does nothing but sleep or wait has come to that.</summary>
    public static void AwaitRest(int pid, string name) =>
        Patience.Until(
            () => Status(pid, "Name") == name && Status(pid, "State") is ['S', ..], $"process {pid} rests in {name}");

    private static string Field(string file, string field) => Field(File.ReadLines(file), field);

    private static string Field(IEnumerable<string> lines, string field)
    {
        string start = field + ":";
        string line = lines.First(line => line.StartsWith(start, StringComparison.Ordinal));
        string value = line[start.Length..].Trim();
        return value.EndsWith(" kB", StringComparison.Ordinal) ? value[..^3] : value;
    }
}
