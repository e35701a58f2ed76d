using System.Globalization;

namespace Daemonproxy.Generators.Writing;

/// <summary>A product: a C# file and its name.</summary>
internal sealed record GeneratedFile(string Name, string Text)
{
    // A file system has names of up to 255 bytes. Only a name that is too long for a spec, too, makes a longer one:
    // that is one problem, and not an error of the compiler as well.
    private const int MostCharacters = 200;

    public static GeneratedFile From(string name, SourceWriter writer) =>
        new(Shortened(name) + ".g.cs", writer.ToString());

    private static string Shortened(string name) => name.Length <= MostCharacters
        ? name
        : name.Substring(0, MostCharacters) + "-" + Hash(name).ToString("x8", CultureInfo.InvariantCulture);

    // FNV-1a, 32 bits: the same in each run.
    private static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char character in text)
        {
            hash = (hash ^ character) * 16777619;
        }

        return hash;
    }
}
