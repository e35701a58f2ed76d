using System;
using System.Collections.Generic;
using System.Linq;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>A process to be started, with exact descriptors, environment, signal mask and dispositions.</summary>
internal sealed class Launch
{
    private static int s_runs;

    public Launch(params string[] command)
    {
        Command = [.. command];
        Mark = $"DAEMONPROXY_E2E={Environment.ProcessId}.{System.Threading.Interlocked.Increment(ref s_runs)}";
        Variables = [Mark, $"PATH={Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin"}"];
    }

    /// <summary>The program, by its path, and its arguments.</summary>
    public List<string> Command { get; }

    /// <summary>The variable by which everything that comes of this launch can be found again.</summary>
    public string Mark { get; }

    /// <summary>The environment, entry by entry; the mark is among them and must stay.</summary>
    public List<string> Variables { get; set; }

    /// <summary>
    /// The descriptors of the test that the process gets, by their numbers there; no others are open in it.
    /// </summary>
    public Dictionary<int, Fd> Descriptors { get; } = [];

    /// <summary>Signals blocked in the process.</summary>
    public List<int> Blocked { get; } = [];

    public string? Directory { get; set; }

    public bool HasOwnSession { get; set; }

    /// <summary>Runs commands of the shell before the program, which then takes the shell's place.</summary>
    public Launch After(string shell)
    {
        Command.InsertRange(0, ["/bin/sh", "-c", $"{shell}\nexec \"$0\" \"$@\""]);
        return this;
    }

    /// <summary>Runs the program by another one, such as env or unshare.</summary>
    public Launch Under(params string[] words)
    {
        Command.InsertRange(0, words);
        return this;
    }

    public ChildProcess Start() => new(Spawner.Spawn(this), Mark);

    public override string ToString() => string.Join(' ', Command.Select(Text.Shown));
}
