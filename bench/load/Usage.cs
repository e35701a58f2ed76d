using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace Daemonproxy.Load;

/// <summary>The resources that a process has used, from proc(5).</summary>
internal static class Usage
{
    /// <summary>Time on a processor of all threads together, in nanoseconds.</summary>
    public static long Cpu(int pid) => Directory.EnumerateDirectories($"/proc/{pid}/task")
        .Sum(task => Number(File.ReadAllText($"{task}/schedstat").Split(' ')[0]));

    /// <summary>The number of times that the threads went to sleep of their own will; a wake-up follows each.</summary>
    public static long Sleeps(int pid) => Directory.EnumerateDirectories($"/proc/{pid}/task")
        .Sum(task => Field($"{task}/status", "voluntary_ctxt_switches"));

    /// <summary>Resident, private and shared-memory kilobytes; exact, unlike those in status.</summary>
    public static (long Rss, long Anonymous, long Shared) Memory(int pid)
    {
        string rollup = $"/proc/{pid}/smaps_rollup";

        // Memory of a memfd: nobody else maps it, so that its proportional size is its size.
        return (Field(rollup, "Rss"), Field(rollup, "Anonymous"), Field(rollup, "Pss_Shmem"));
    }

    /// <summary>The PIDs of its children.</summary>
    public static int[] Children(int pid) =>
    [
        .. File.ReadAllText($"/proc/{pid}/task/{pid}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
    ];

    /// <summary>Waits until the process has nothing more to do: its processor time stands still.</summary>
    public static void AwaitRest(int pid)
    {
        long before;
        do
        {
            before = Cpu(pid);
            Thread.Sleep(5);
        }
        while (Cpu(pid) != before);
    }

    /// <summary>A field's number, 0 where the kernel does not tell it.</summary>
    public static long Field(string file, string name)
    {
        string start = name + ":";
        string? line = File.ReadLines(file).FirstOrDefault(
            line => line.StartsWith(start, StringComparison.Ordinal));
        return line is null ? 0 : Number(line[start.Length..].Replace("kB", null, StringComparison.Ordinal));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
