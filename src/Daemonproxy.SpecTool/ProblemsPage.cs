using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Writing;
using Daemonproxy.SpecTool.Documents;
using Microsoft.CodeAnalysis;

namespace Daemonproxy.SpecTool;

/// <summary>
/// Writes the page that explains every rule. What is asked, and why, is written by hand in the template; titles and
/// messages are those of the compiler, the syntax is that of the grammar, and the examples are compiled.
/// </summary>
internal sealed partial class ProblemsPage(Grammar grammar, Func<string, BadSpec> badSpec)
{
    private const string FilesExample = "files ";

    private readonly Markdown _page = new();
    private readonly SortedDictionary<string, DiagnosticDescriptor> _unexplained = new(
        typeof(Rules).GetFields()
            .Select(field => (DiagnosticDescriptor)field.GetValue(null)!)
            .ToDictionary(rule => rule.Id),
        StringComparer.Ordinal);

    /// <summary>The page, once.</summary>
    /// <exception cref="InvalidDataException">A rule is not explained, or not as it should be.</exception>
    public string Write(string template)
    {
        string[] blocks = template.TrimEnd('\n').Split("\n\n");
        for (int first = 0; first < blocks.Length;)
        {
            int next = first + 1;
            if (!blocks[first].StartsWith(RuleText.Heading, StringComparison.Ordinal))
            {
                _page.Block(blocks[first]);
            }
            else
            {
                while (next < blocks.Length && blocks[next][0] != '#')
                {
                    next++;
                }

                Explain(RuleText.Parse(blocks[first..next]));
            }

            first = next;
        }

        return _unexplained.Count == 0
            ? _page.ToString()
            : throw new InvalidDataException($"not explained: {string.Join(", ", _unexplained.Keys)}");
    }

    private void Explain(RuleText text)
    {
        if (!_unexplained.Remove(text.Id, out DiagnosticDescriptor? rule))
        {
            throw new InvalidDataException($"{text.Id} is no rule, or explained twice");
        }

        _page.Block($"<a id=\"{text.Id.ToLowerInvariant()}\"></a>");
        _page.Heading(3, $"{text.Id}: {rule.Title.ToString(CultureInfo.InvariantCulture)}");
        _page.Block("> " + Message(rule));
        foreach (string paragraph in text.Meaning)
        {
            _page.Block(paragraph);
        }

        _page.Block("**Syntax.**" + (text.Syntax is null ? "" : " " + text.Syntax));
        if (text.Productions.Length > 0)
        {
            _page.Fence(grammar.Of(text.Productions));
        }

        ShowExample(text);
    }

    private void ShowExample(RuleText text)
    {
        ProblemExample example = text.Example.StartsWith(FilesExample, StringComparison.Ordinal)
            ? ProblemExample.OfFiles(text.Example[FilesExample.Length..])
            : ProblemExample.Of(badSpec(text.Example));
        string[] printed = example.Compile();
        if (!printed.Any(line => line.Contains($" {text.Id}: ", StringComparison.Ordinal)))
        {
            throw new InvalidDataException($"the example of {text.Id}, \"{text.Example}\", does not break the rule");
        }

        _page.Block("**Example.**" + (example.Released.Length > 0 ? " Released:" : ""));
        if (example.Released.Length > 0)
        {
            _page.Fence(example.Released);
            _page.Block("Now:");
        }

        _page.Fence(example.Shown);
        _page.Block("The compiler prints:");
        _page.Fence(string.Join('\n', printed));
    }

    // What differs from one place to the other is left open.
    private static string Message(DiagnosticDescriptor rule)
    {
        string format = rule.MessageFormat.ToString(CultureInfo.InvariantCulture);
        return Placeholder().Replace(format, "…")
            .Replace("{{", "{", StringComparison.Ordinal)
            .Replace("}}", "}", StringComparison.Ordinal)
            .Replace("\\", "\\\\", StringComparison.Ordinal);
    }

    [GeneratedRegex("\\{[0-9]\\}")]
    private static partial Regex Placeholder();
}
