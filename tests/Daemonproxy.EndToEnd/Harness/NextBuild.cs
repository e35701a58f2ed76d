using System;
using System.Diagnostics;
using System.IO;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>The daemon built again, with another version number; or, where there is no time for that, a copy.</summary>
internal static class NextBuild
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(20);

    /// <summary>True if its version is another one.</summary>
    public static bool IsAnother => Given is not null || Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") == "1";

    private static string? Given =>
        Environment.GetEnvironmentVariable("DAEMONPROXY_NEXT") is { Length: > 0 } given ? given : null;

    /// <summary>The version text of a build.</summary>
    public static string VersionOf(string program)
    {
        using Daemon asked = Daemon.Start(new Launch(program, "--version"));
        return asked.AwaitOutputEnd()[0].Split(' ')[2];
    }

    /// <summary>Where it is.</summary>
    public static string Find(Scratch scratch)
    {
        if (Given is string given)
        {
            return Path.GetFullPath(given);
        }

        if (!IsAnother)
        {
            File.Copy(Binary.Path, scratch["copy"]);
            return scratch["copy"];
        }

        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "commands.spec")))
        {
            root = root.Parent;
        }

        // A place of its own for everything that is made: the build that is tested is not to be touched.
        ProcessStartInfo start = new(
            "dotnet",
            [
                "publish", Path.Combine(root.FullName, "src", "Daemonproxy"), "-c", "Release", "-r", "linux-x64",
                "--nologo", "-v", "quiet", "-p:Version=99.0.0", "--artifacts-path", scratch["artifacts"],
                "-o", scratch["next"],
            ]);
        using Process build = Process.Start(start)!;
        if (!build.WaitForExit(Long) || build.ExitCode != 0)
        {
            throw new TestFailure("the second build failed", string.Empty);
        }

        return Path.Combine(scratch["next"], "daemonproxy");
    }
}
