using System;
using System.IO;

namespace Daemonproxy.Manager.Tests.Harness;

/// <summary>The published program that is talked to: DAEMONPROXY in the environment, or out/daemonproxy.</summary>
internal static class Binary
{
    private static readonly Lazy<string> _path = new(Find);

    public static string Path => _path.Value;

    private static string Find()
    {
        string? given = Environment.GetEnvironmentVariable("DAEMONPROXY");
        string path = given is { Length: > 0 }
            ? System.IO.Path.GetFullPath(given)
            : System.IO.Path.Combine(Repository.Root, "out", "daemonproxy");
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{path} is not there: `make publish` builds it.");
    }
}
