using System;
using System.IO;
using System.Linq;
using System.Threading;
using Xunit;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>
/// A control group of version 2 for one test, in which its daemon is; removed afterwards with all in it.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    private static int s_groups;

    public ControlGroup()
    {
        Name = $"daemonproxy-e2e-{Environment.ProcessId}-{Interlocked.Increment(ref s_groups)}";
        Path = $"{Mount}/{Name}";
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where the file system is mounted; null when it is not.</summary>
    public static string? Mount => File.ReadLines("/proc/self/mountinfo")
        .Where(line => line.Contains(" - cgroup2 ", StringComparison.Ordinal) && line.Split(' ')[3] == "/")
        .Select(line => line.Split(' ')[4]).FirstOrDefault();

    public string Name { get; }

    public string Path { get; }

    /// <summary>Starts the daemon in the group, after some words of the shell and by another program.</summary>
    public Daemon Start(string shell = "", string[]? under = null, params string[] options)
    {
        Launch launch = new Launch([Binary.Path, "-i", .. options]).Under(under ?? []);
        return Daemon.Interactive(launch.After($"echo $$ >{Path}/cgroup.procs\n{shell}"));
    }

    /// <summary>The groups below this one, by their paths behind it.</summary>
    public string[] Below() =>
    [
        .. Directory.EnumerateDirectories(Path, "*", SearchOption.AllDirectories)
            .Select(found => found[(Path.Length + 1)..]).Order(StringComparer.Ordinal),
    ];

    /// <summary>The group of a process, behind this one.</summary>
    public string Of(int process)
    {
        string line = File.ReadLines($"/proc/{process}/cgroup")
            .Single(line => line.StartsWith("0::", StringComparison.Ordinal));
        Assert.StartsWith($"0::/{Name}/", line, StringComparison.Ordinal);
        return line[(5 + Name.Length)..];
    }

    public void Dispose()
    {
        File.WriteAllText($"{Path}/cgroup.kill", "1");
        Patience.Until(
            () => File.ReadAllText($"{Path}/cgroup.events").Contains("populated 0", StringComparison.Ordinal),
            "nothing is left in the group");
        foreach (string below in Below().Reverse().Append(""))
        {
            Directory.Delete($"{Path}/{below}");
        }
    }
}

/// <summary>A test that makes control groups of version 2; skipped where it may not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ControlGroupFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Obstacle = new(Find);

    public ControlGroupFactAttribute() => Skip = Obstacle.Value!;

    private static string? Find()
    {
        if (!Environment.IsPrivilegedProcess || ControlGroup.Mount is null)
        {
            return "this needs root, and control groups of version 2";
        }

        try
        {
            using ControlGroup group = new();
            return File.Exists($"{group.Path}/cgroup.kill") ? null : "the kernel has no cgroup.kill";
        }
        catch (SystemException problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "no control group can be made: " + problem.Message;
        }
    }
}
