using System;
using System.Collections.Generic;
using System.IO;

namespace Daemonproxy.SpecTool;

/// <summary>The grammar of the language, taken from the page that describes it.</summary>
internal sealed class Grammar
{
    private const string Indent = "    ";
    private readonly Dictionary<string, string> _productions = [];

    public Grammar(string page)
    {
        string text = page[page.IndexOf("\n## Grammar\n", StringComparison.Ordinal)..];
        string last = "";
        foreach (string line in text.Split('\n')[3..])
        {
            if (!line.StartsWith(Indent, StringComparison.Ordinal))
            {
                break;
            }

            // One that goes on in the next line has its name only in the first.
            string part = line[Indent.Length..];
            string name = part.Split(' ')[0];
            last = name.Length > 0 ? name : last;
            _productions[last] = name.Length > 0 ? part : _productions[last] + "\n" + part;
        }
    }

    /// <summary>The syntax of some parts of a spec, by their names.</summary>
    /// <exception cref="InvalidDataException">There is no such part.</exception>
    public string Of(string[] names) => string.Join('\n', Array.ConvertAll(names, Of));

    private string Of(string name) => _productions.TryGetValue(name, out string? production)
        ? production
        : throw new InvalidDataException($"the grammar has no \"{name}\"");
}
