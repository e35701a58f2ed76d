using System;
using System.IO;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>The published program that is tested: DAEMONPROXY in the environment, or out/daemonproxy.</summary>
internal static class Binary
{
    private static readonly Lazy<string> Found = new(Find);

    public static string Path => Found.Value;

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("DAEMONPROXY") is { Length: > 0 } given)
        {
            return File.Exists(given)
                ? System.IO.Path.GetFullPath(given)
                : throw new FileNotFoundException($"DAEMONPROXY names {given}, which is not there.");
        }

        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(System.IO.Path.Combine(directory.FullName, "commands.spec")))
        {
            directory = directory.Parent;
        }

        string path = System.IO.Path.Combine(directory?.FullName ?? "/", "out", "daemonproxy");
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                $"These tests need the published program at {path}: `make publish` builds it. "
                + "Another one can be named by the environment variable DAEMONPROXY.");
    }
}
