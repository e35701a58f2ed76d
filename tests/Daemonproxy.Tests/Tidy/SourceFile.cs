using System;
using System.Collections.Generic;
using System.IO;
using Daemonproxy.Tests.Support;

namespace Daemonproxy.Tests.Tidy;

/// <summary>One source file of this repository.</summary>
internal sealed class SourceFile(string path)
{
    private static readonly string[] _notOurs = ["artifacts", "out", "obj", "bin", ".git"];
    private string[]? _lines;

    /// <summary>All that are written by hand.</summary>
    public static List<SourceFile> All { get; } = Find();

    /// <summary>From the root of the repository, with slashes.</summary>
    public string Name { get; } = Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');

    public string Text { get; } = File.ReadAllText(path);

    public string[] Lines => _lines ??= Text.Split('\n');

    public bool IsIn(string folder) => Name.StartsWith(folder, StringComparison.Ordinal);

    /// <summary>The lines without their comments and the texts in them; for rules about code.</summary>
    public IEnumerable<(int Number, string Code)> Code()
    {
        for (int i = 0; i < Lines.Length; i++)
        {
            string line = Lines[i];
            int comment = line.IndexOf("//", StringComparison.Ordinal);
            yield return (i + 1, comment < 0 ? line : line[..comment]);
        }
    }

    private static List<SourceFile> Find()
    {
        List<SourceFile> files = [];
        foreach (string folder in (string[])["src", "tests", "bench", "examples"])
        {
            string path = Path.Combine(Repository.Root, folder);
            if (Directory.Exists(path))
            {
                Add(files, path);
            }
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return files;
    }

    private static void Add(List<SourceFile> files, string folder)
    {
        foreach (string file in Directory.GetFiles(folder, "*.cs"))
        {
            files.Add(new SourceFile(file));
        }

        foreach (string inner in Directory.GetDirectories(folder))
        {
            if (Array.IndexOf(_notOurs, Path.GetFileName(inner)) < 0)
            {
                Add(files, inner);
            }
        }
    }
}
