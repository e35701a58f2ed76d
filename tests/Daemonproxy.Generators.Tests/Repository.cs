using System.IO;
using System.Runtime.CompilerServices;

namespace Daemonproxy.Generators.Tests;

/// <summary>Files of this repository, found from where this file was compiled.</summary>
internal static class Repository
{
    /// <summary>The directory of these tests.</summary>
    public static string Tests { get; } = Path.GetDirectoryName(ThisFile())!;

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Tests, "..", ".."));

    /// <summary>The text of the real spec.</summary>
    public static string Spec { get; } = File.ReadAllText(Path.Combine(Root, "commands.spec"));

    /// <summary>The spec as it was last released.</summary>
    public static SpecFile Released { get; } =
        new(File.ReadAllText(Path.Combine(Root, "commands.released.spec")), SpecFile.Released);

    /// <summary>The names of the specs in a directory beside the tests.</summary>
    public static string[] SpecsIn(string directory)
    {
        string[] files = Directory.GetFiles(Path.Combine(Tests, "specs", directory), "*.spec");
        System.Array.Sort(files, System.StringComparer.Ordinal);
        return System.Array.ConvertAll(files, file => Path.GetFileNameWithoutExtension(file));
    }

    /// <summary>The text of one of them.</summary>
    public static string SpecOf(string directory, string name) =>
        File.ReadAllText(Path.Combine(Tests, "specs", directory, name + ".spec"));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
