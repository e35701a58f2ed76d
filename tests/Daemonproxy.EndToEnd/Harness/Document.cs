using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>Tables of docs/RESILIENCE.md that tests are made from.</summary>
internal static class Document
{
    /// <summary>The cells of each row below a heading that begins so, without those of the head of the table.</summary>
    public static IEnumerable<string[]> Rows(string heading, string start)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "commands.spec")))
        {
            root = root.Parent;
        }

        return File.ReadLines(Path.Combine(root.FullName, "docs", "RESILIENCE.md"))
            .SkipWhile(line => line != heading)
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal))
            .Where(line => line.StartsWith(start, StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | "));
    }
}
