using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Daemonproxy.SpecTool.Documents.Python;

/// <summary>A module of Python while it is written.</summary>
internal sealed partial class PythonSource
{
    private const int Columns = 116;
    private const int Step = 4;
    private readonly List<(string Module, string[] Names)> _imports = [];
    private readonly StringBuilder _text = new();
    private readonly string _docs;
    private int _indent;

    /// <param name="docs">The purpose of the module.</param>
    public PythonSource(string docs) => _docs = docs;

    /// <summary>Names of a module that this one can use; unused names are not imported.</summary>
    public void Import(string module, params string[] names) => _imports.Add((module, names));

    /// <summary>The module, with what it imports.</summary>
    public override string ToString()
    {
        string body = _text.ToString().TrimStart('\n');
        HashSet<string> words = [.. Word().Matches(body).Select(match => match.Value)];
        var head = new PythonSource("");
        head.Line("# Made from the spec by `make docs`; a change goes there.");
        head.Docs(_docs);
        head.Line();
        head.Line("from __future__ import annotations");
        bool wasRelative = true;
        foreach ((string module, string[] names) in _imports)
        {
            string[] used = [.. names.Where(words.Contains).Distinct().Order(StringComparer.Ordinal)];
            if (used.Length == 0)
            {
                continue;
            }

            bool isRelative = module.StartsWith('.');
            if (isRelative != wasRelative)
            {
                head.Line();
                wasRelative = isRelative;
            }

            string line = "from " + module + " import " + string.Join(", ", used);
            if (line.Length <= Columns)
            {
                head.Line(line);
            }
            else
            {
                head.Filled("from " + module + " import (", used, ")");
            }
        }

        string gap = body.StartsWith('#') || body.StartsWith("class ", StringComparison.Ordinal)
            || body.StartsWith('@') ? "\n\n" : "\n";
        return head._text + (body.Length > 0 ? gap + body : "");
    }

    /// <summary>A text of Python.</summary>
    public static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal) + "\"";

    /// <summary>A tuple, which needs a comma where it has one element.</summary>
    public static string Tuple(IReadOnlyList<string> elements) =>
        "(" + string.Join(", ", elements) + (elements.Count == 1 ? ",)" : ")");

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', _indent * Step).Append(line);
        }

        _text.Append('\n');
    }

    /// <summary>Two empty lines, and what comes before a block.</summary>
    public void OpenTop(string line)
    {
        Line();
        Line();
        Open(line);
    }

    public void Open(string line)
    {
        Line(line);
        _indent++;
    }

    /// <summary>The next line belongs to the lines before.</summary>
    public void Indent() => _indent++;

    public void Close(string? line = null)
    {
        _indent--;
        if (line is not null)
        {
            Line(line);
        }
    }

    /// <summary>The elements between two brackets: in one line where they fit, else one in each.</summary>
    public void Listed(string before, IReadOnlyList<string> elements, string behind)
    {
        string line = before + string.Join(", ", elements) + behind;
        if ((_indent * Step) + line.Length <= Columns)
        {
            Line(line);
            return;
        }

        Open(before);
        foreach (string element in elements)
        {
            Line(element + ",");
        }

        Close(behind);
    }

    /// <summary>The same with as many elements in a line as fit.</summary>
    public void Filled(string before, IReadOnlyList<string> elements, string behind)
    {
        Open(before);
        foreach (string line in Wrap(string.Join(", ", elements) + (elements.Count > 0 ? "," : ""), _indent))
        {
            Line(line);
        }

        Close(behind);
    }

    /// <summary>Comments above what comes next.</summary>
    public void Comment(string text)
    {
        foreach (string paragraph in Paragraphs(text))
        {
            foreach (string line in Wrap(paragraph, _indent))
            {
                Line("# " + line);
            }
        }
    }

    /// <summary>A docstring: a comment of the spec, filled; what stands behind it is in lines of its own.</summary>
    public void Docs(string text, params IReadOnlyList<string> behind)
    {
        List<string> lines = [];
        foreach (string paragraph in Paragraphs(text))
        {
            lines.AddRange(lines.Count > 0 ? [""] : []);
            lines.AddRange(Wrap(paragraph, _indent));
        }

        if (behind.Count > 0)
        {
            lines.AddRange(lines.Count > 0 ? [""] : []);
            foreach (string one in behind)
            {
                lines.AddRange(Wrap(one, _indent));
            }
        }

        if (lines.Count == 0)
        {
            return;
        }

        for (int index = 0; index < lines.Count; index++)
        {
            string line = lines[index].Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"\"\"", "\\\"\\\"\\\"", StringComparison.Ordinal);
            bool isOnly = lines.Count == 1;
            if (isOnly && line.EndsWith('"'))
            {
                line = line[..^1] + "\\\"";
            }

            Line((index == 0 ? "\"\"\"" : "") + line + (isOnly ? "\"\"\"" : ""));
        }

        if (lines.Count > 1)
        {
            Line("\"\"\"");
        }
    }

    private static IEnumerable<string> Paragraphs(string text)
    {
        foreach (string paragraph in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            yield return paragraph.Replace('\n', ' ');
        }
    }

    private static IEnumerable<string> Wrap(string text, int indent)
    {
        int most = Columns - (indent * Step) - "# ".Length;
        var line = new StringBuilder();
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > most)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    [GeneratedRegex("[A-Za-z_][A-Za-z_0-9]*")]
    private static partial Regex Word();
}
