using System;
using System.IO;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>The published program that is tested: DAEMONPROXY in the environment, or out/daemonproxy.</summary>
internal static class Binary
{
    private static readonly Lazy<string> Found = new(() => Find("DAEMONPROXY", "make publish"));

    private static readonly Lazy<string> FoundStatic = new(
        () => Find("DAEMONPROXY_STATIC", "make publish STATIC=1", "static"));

    public static string Path => Found.Value;

    /// <summary>
    /// The static one, which needs no file but itself: DAEMONPROXY_STATIC in the environment, or
    /// out/static/daemonproxy.
    /// </summary>
    public static string Static => FoundStatic.Value;

    private static string Find(string variable, string command, params string[] folder)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
        {
            return File.Exists(given)
                ? System.IO.Path.GetFullPath(given)
                : throw new FileNotFoundException($"{variable} names {given}, which is not there.");
        }

        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(System.IO.Path.Combine(directory.FullName, "commands.spec")))
        {
            directory = directory.Parent;
        }

        string path = System.IO.Path.Combine([directory?.FullName ?? "/", "out", .. folder, "daemonproxy"]);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                $"These tests need the published program at {path}: `{command}` builds it. "
                + $"Another one can be named by the environment variable {variable}.");
    }
}
