using System;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>
/// Python 3.11 or later, the first with a reader for TOML, which some examples need; and for services that need more
/// of the kernel than a shell can ask for.
/// </summary>
internal static class Python
{
    private static readonly Lazy<string?> Missing = new(Find);

    /// <summary>Why there is none; null if there is.</summary>
    public static string? Obstacle => Missing.Value;

    /// <summary>The arguments of a service that runs this program; without site packages, which take time.</summary>
    public static string Service(Scratch scratch, string name, string program) =>
        "python3⇥-IS⇥" + scratch.Write(name + ".py", program);

    private static string? Find()
    {
        using ChildProcess child = new Launch("/usr/bin/env", "python3", "-c", "import tomllib").Start();
        return child.AwaitExit().Status == 0 ? null : "python3, 3.11 or later, is not installed";
    }
}
