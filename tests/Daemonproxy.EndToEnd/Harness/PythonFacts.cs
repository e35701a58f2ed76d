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
