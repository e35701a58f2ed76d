using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using Xunit;
using Xunit.Sdk;

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

/// <summary>One case of a theory that needs Python, among others that do not; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class PythonDataAttribute : DataAttribute
{
    private readonly object[] _data;

    public PythonDataAttribute(params object[] data)
    {
        _data = data;
        Skip = Python.Obstacle!;
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [_data];
}

/// <summary>Many tests in one that need Python, and a machine with IPv6 addresses besides.</summary>
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
    private static readonly Lazy<string?> Missing = new(Find);

    /// <summary>Why there is no Python new enough, the first with a reader for TOML; null where there is.</summary>
    public static string? Obstacle => Missing.Value;

    /// <summary>The arguments of a service that runs this program; without site packages, which take their time.</summary>
    public static string Service(Scratch scratch, string name, string program) =>
        "python3⇥-IS⇥" + scratch.Write(name + ".py", program);

    private static string? Find()
    {
        using ChildProcess child = new Launch("/usr/bin/env", "python3", "-IS", "-c", "import tomllib").Start();
        return child.AwaitExit().Status == 0 ? null : "python3, 3.11 or later, is not installed";
    }
}
