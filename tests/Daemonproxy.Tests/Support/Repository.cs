using System.IO;
using System.Runtime.CompilerServices;

namespace Daemonproxy.Tests.Support;

/// <summary>Where the sources are that this was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot(ThisFile());

    private static string FindRoot(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "commands.spec")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("no folder above the tests has a commands.spec");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
