using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>A test whose services are written in Python; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Python.Obstacle!;
}

/// <summary>Many tests in one whose services are written in Python; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute() => Skip = Python.Obstacle!;
}

/// <summary>The same where a machine has IPv6 addresses besides.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonInet6TheoryAttribute : TheoryAttribute
{
    private const string Addresses = "/proc/net/if_inet6";

    public PythonInet6TheoryAttribute()
    {
        bool hasInet6 = File.Exists(Addresses) && File.ReadAllText(Addresses).Length > 0;
        Skip = Python.Obstacle ?? (hasInet6 ? null! : "this machine has no IPv6 address");
    }
}

/// <summary>Services that need more of the kernel than a shell can ask for.</summary>
internal static class Python
{
    /// <summary>Why there is no Python; null where there is.</summary>
    public static string? Obstacle { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':')
        .Any(directory => File.Exists(Path.Combine(directory, "python3"))) ? null : "python3 is not installed";

    /// <summary>The arguments of a service that runs this program; without site packages, which take their time.</summary>
    public static string Service(Scratch scratch, string name, string program) =>
        "python3⇥-IS⇥" + scratch.Write(name + ".py", program);
}
