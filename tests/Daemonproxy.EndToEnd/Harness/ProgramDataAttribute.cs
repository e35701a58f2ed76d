using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using Xunit;
using Xunit.Sdk;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>A case of a theory about a real program, run as root; skipped where the program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ProgramDataAttribute : DataAttribute
{
    private readonly object[] _data;

    public ProgramDataAttribute(string program, params object[] data)
    {
        _data = [program, .. data];
        Skip = Obstacle(program)!;
    }

    /// <summary>Why a program cannot be tried; null if it can.</summary>
    public static string? Obstacle(string program) =>
        !File.Exists(program) ? $"{program} is not installed"
        : !Environment.IsPrivilegedProcess ? "this user is not root"
        : null;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [_data];
}

/// <summary>A test of a real program, run as root; skipped where the program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program) => Skip = ProgramDataAttribute.Obstacle(program)!;
}
