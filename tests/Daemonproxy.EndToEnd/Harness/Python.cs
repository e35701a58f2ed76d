using System;
using System.Collections.Generic;
using System.Reflection;
using Xunit;
using Xunit.Sdk;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>Python 3.11 or later, the first with a reader for TOML, which some examples need.</summary>
internal static class Python
{
    private static readonly Lazy<string?> Missing = new(Find);

    /// <summary>Why there is none; null if there is.</summary>
    public static string? Obstacle => Missing.Value;

    private static string? Find()
    {
        using ChildProcess child = new Launch("/usr/bin/env", "python3", "-c", "import tomllib").Start();
        return child.AwaitExit().Status == 0 ? null : "python3, 3.11 or later, is not installed";
    }
}

/// <summary>A test that needs Python; skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Python.Obstacle!;
}

/// <summary>A case of a theory that needs Python; skipped where it is not installed.</summary>
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
