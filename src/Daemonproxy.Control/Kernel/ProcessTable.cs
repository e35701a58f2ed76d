using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Daemonproxy.Control.Kernel;

/// <summary>A process, of /proc/PID/stat, proc(5).</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Parent">Its parent.</param>
/// <param name="Session">The session that it is in.</param>
/// <param name="Ticks">Its time on processors, of all its threads, in hundredths of a second (USER_HZ).</param>
/// <param name="Start">The time of its start, which distinguishes it from a later process with the same number.</param>
/// <param name="Memory">Its resident memory in bytes, including shared pages.</param>
internal readonly record struct ProcessFacts(int Pid, int Parent, int Session, long Ticks, long Start, long Memory)
{
    // The fields after the name, which ends at the last parenthesis: the state is number 3 of the manual.
    private const int FirstField = 3;

    /// <summary>Reads such a line; null for a process that has ended.</summary>
    public static ProcessFacts? Read(int pid, string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long Field(int number) => long.Parse(fields[number - FirstField], CultureInfo.InvariantCulture);
        if (fields[0] is "Z" or "X")
        {
            return null;
        }

        long memory = Field(24) * Environment.SystemPageSize;
        return new ProcessFacts(pid, (int)Field(4), (int)Field(6), Field(14) + Field(15), Field(22), memory);
    }
}

/// <summary>All processes at a moment.</summary>
internal sealed class ProcessTable
{
    private readonly Dictionary<int, ProcessFacts> _processes;

    public ProcessTable(IEnumerable<ProcessFacts> processes)
    {
        _processes = [];
        foreach (ProcessFacts process in processes)
        {
            _processes[process.Pid] = process;
        }
    }

    /// <summary>Reads /proc.</summary>
    public static ProcessTable Read()
    {
        List<ProcessFacts> processes = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(folder.AsSpan("/proc/".Length), CultureInfo.InvariantCulture, out int pid))
            {
                continue;
            }

            try
            {
                if (ProcessFacts.Read(pid, File.ReadAllText($"{folder}/stat")) is { } process)
                {
                    processes.Add(process);
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // It has ended, or is hidden: hidepid of proc(5).
            }
        }

        return new ProcessTable(processes);
    }

    /// <summary>The number of processes in a session.</summary>
    public int CountInSession(int session) => _processes.Values.Count(process => process.Session == session);

    /// <summary>
    /// The trees of these processes: the processes of their sessions, and their descendants. A process that belongs to
    /// several trees counts in the nearest one.
    /// </summary>
    public Dictionary<int, List<ProcessFacts>> TreesOf(IReadOnlySet<int> roots)
    {
        Dictionary<int, List<ProcessFacts>> trees = [];
        foreach (ProcessFacts process in _processes.Values)
        {
            if (RootOf(process, roots) is { } root)
            {
                if (!trees.TryGetValue(root, out List<ProcessFacts>? tree))
                {
                    trees[root] = tree = [];
                }

                tree.Add(process);
            }
        }

        return trees;
    }

    private int? RootOf(ProcessFacts process, IReadOnlySet<int> roots)
    {
        // Processes may end and numbers may be reused during the reading: never loop.
        int left = _processes.Count;
        for (ProcessFacts at = process; ; left--)
        {
            if (roots.Contains(at.Pid))
            {
                return at.Pid;
            }

            if (left <= 0 || !_processes.TryGetValue(at.Parent, out ProcessFacts parent))
            {
                break;
            }

            at = parent;
        }

        return roots.Contains(process.Session) ? process.Session : null;
    }
}
