using System;
using System.IO;
using System.Linq;

namespace Daemonproxy.SpecTool;

/// <summary>
/// The text about a rule that is written by hand: a heading with its id, the lines <c>syntax:</c> or <c>grammar:</c>
/// and <c>example:</c>, and paragraphs that say what is asked and why.
/// </summary>
/// <param name="Id">The rule.</param>
/// <param name="Syntax">The syntax that the rule is about; null when the grammar has it.</param>
/// <param name="Productions">The names of the parts of the grammar.</param>
/// <param name="Example">The name of a spec that breaks the rule.</param>
/// <param name="Meaning">The paragraphs.</param>
internal sealed record RuleText(string Id, string? Syntax, string[] Productions, string Example, string[] Meaning)
{
    /// <summary>The beginning of a rule.</summary>
    public const string Heading = "### ";

    private const string SyntaxLine = "syntax: ";
    private const string GrammarLine = "grammar: ";
    private const string ExampleLine = "example: ";

    /// <summary>Reads the blocks between two headings.</summary>
    /// <exception cref="InvalidDataException">Something is missing.</exception>
    public static RuleText Parse(string[] blocks)
    {
        string[] lines = blocks[0].Split('\n');
        string id = lines[0][Heading.Length..];
        string? syntax = Find(SyntaxLine);
        string[] productions = Find(GrammarLine)?.Split(' ') ?? [];
        bool isComplete = blocks.Length > 1 && lines.Length == 3 && (syntax is null) == (productions.Length > 0);
        return Find(ExampleLine) is { } example && isComplete
            ? new RuleText(id, syntax, productions, example, blocks[1..])
            : throw new InvalidDataException(
                $"{id} needs a line `syntax:` or `grammar:`, a line `example:`, and a paragraph of what it means");

        string? Find(string start) =>
            lines.FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..];
    }
}
