using System;
using System.IO;
using System.Runtime.CompilerServices;

namespace Daemonproxy.Control.Tests.Harness;

/// <summary>The programs that are run.</summary>
internal static class Binary
{
    /// <summary>The daemon: DAEMONPROXY in the environment, or out/daemonproxy.</summary>
    public static string Daemon { get; } = Find("DAEMONPROXY", Path.Combine(Root(), "out", "daemonproxy"));

    /// <summary>dpctl: DPCTL in the environment, or the one that these tests were built with.</summary>
    public static string Control { get; } = Find("DPCTL", Path.Combine(AppContext.BaseDirectory, "dpctl"));

    /// <summary>The repository.</summary>
    public static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    private static string Find(string variable, string usual)
    {
        string? given = Environment.GetEnvironmentVariable(variable);
        string path = given is { Length: > 0 } ? Path.GetFullPath(given) : usual;
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{path} is not there: `make publish` builds it.");
    }
}
