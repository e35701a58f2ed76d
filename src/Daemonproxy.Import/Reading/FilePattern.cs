using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Enumeration;
using System.Linq;

namespace Daemonproxy.Import.Reading;

/// <summary>Paths with <c>*</c> and <c>?</c> in their parts.</summary>
internal static class FilePattern
{
    /// <summary>The files that match an absolute pattern; the pattern itself if it has no such character.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="most">The most files that are checked.</param>
    public static List<string> Expand(string pattern, int most)
    {
        if (!pattern.AsSpan().ContainsAny('*', '?'))
        {
            return [pattern];
        }

        List<string> found = ["/"];
        foreach (string part in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = part.AsSpan().ContainsAny('*', '?')
                ? [.. found.SelectMany(folder => Entries(folder, part)).Take(most)]
                : [.. found.Select(folder => Path.Combine(folder, part))];
        }

        return [.. found.Where(static path => FileKinds.Of(path) == FileKind.Regular)];
    }

    private static IEnumerable<string> Entries(string folder, string pattern)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFileSystemEntries(folder).Where(path =>
                    FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(path), ignoreCase: false)
                    && (pattern[0] == '.' || Path.GetFileName(path)[0] != '.')),
            ];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
