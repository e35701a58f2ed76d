using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Views;

/// <summary>The usage of the control group of a process, cgroups(7), version 2.</summary>
/// <param name="Processes">The number of processes.</param>
/// <param name="Memory">Its memory in bytes; null if the group does not account for memory.</param>
/// <param name="CpuMicroseconds">The processor time; null if the group does not account for it.</param>
internal sealed record CgroupFigures(int Processes, long? Memory, long? CpuMicroseconds)
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary><c>: 5 processes, 128 MiB, 3 s of CPU</c>; empty if it cannot be read.</summary>
    public static string TextOf(int pid)
    {
        if (Read(pid) is not { } figures)
        {
            return "";
        }

        string processes = figures.Processes == 1 ? "process" : "processes";
        List<string> parts = [string.Create(CultureInfo.InvariantCulture, $"{figures.Processes} {processes}")];
        if (figures.Memory is { } memory)
        {
            parts.Add(ByteText.Of(memory));
        }

        if (figures.CpuMicroseconds is { } time)
        {
            parts.Add($"{DurationText.Of(time / 1_000_000)} of CPU");
        }

        return $": {string.Join(", ", parts)}";
    }

    /// <summary>The figures of the group that a process is in; null if they cannot be read.</summary>
    public static CgroupFigures? Read(int pid)
    {
        try
        {
            string? path = File.ReadLines($"/proc/{pid}/cgroup")
                .FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?[3..];
            if (path is null || !Directory.Exists(Root + path))
            {
                return null;
            }

            string folder = Root + path;
            int processes = File.ReadLines(Path.Combine(folder, "cgroup.procs")).Count();
            return new CgroupFigures(
                processes, Number(folder, "memory.current", ""), Number(folder, "cpu.stat", "usage_usec "));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? Number(string folder, string file, string before)
    {
        string path = Path.Combine(folder, file);
        string? line = File.Exists(path)
            ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(before, StringComparison.Ordinal))
            : null;
        return long.TryParse(line?[before.Length..], CultureInfo.InvariantCulture, out long number) ? number : null;
    }
}
