using System;
using System.IO;

namespace Daemonproxy.EndToEnd.Examples;

/// <summary>A copy of one of the examples, so that what it writes stays out of the repository.</summary>
internal static class ExampleFolder
{
    /// <summary>Copies examples/NAME into a folder, and gives that.</summary>
    public static string Copy(string name, string into)
    {
        string source = Path.Combine(Root(), "examples", name);
        string copy = Path.Combine(into, name);
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(source))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    /// <summary>The folder of the repository.</summary>
    public static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "commands.spec")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("commands.spec is in no folder above the tests");
    }
}
