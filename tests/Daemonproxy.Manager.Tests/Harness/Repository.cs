using System;
using System.IO;

namespace Daemonproxy.Manager.Tests.Harness;

/// <summary>Where the repository is that these tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "commands.spec")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("commands.spec is in no folder above the tests");
    }
}
