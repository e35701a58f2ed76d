using System.Collections.Generic;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Reading;

/// <summary><c>when?: "-" | instant  else bad-timestamp</c>.</summary>
internal sealed class FieldSyntax(Token name, string docs, Token? mark, List<ElementSyntax> alternatives)
{
    public Token Name { get; } = name;

    public string Docs { get; } = docs;

    /// <summary><c>?</c> or <c>...</c>, if any.</summary>
    public Token? Mark { get; } = mark;

    public bool IsOptional => Mark?.Text == "?";

    public bool IsList => Mark?.Text == "...";

    public List<ElementSyntax> Alternatives { get; } = alternatives;

    /// <summary>The clauses: <c>else</c>, <c>missing</c>, <c>shown</c> and <c>default</c>.</summary>
    public Token? Else { get; set; }

    public Token? Missing { get; set; }

    public Token? Shown { get; set; }

    /// <summary>The value when the field is not there.</summary>
    public Token? Default { get; set; }

    /// <summary>The earlier field, and the word that it must be for this one to be there.</summary>
    public (Token Field, Token Word)? When { get; set; }

    /// <summary>Its version and its deprecation.</summary>
    public LifecycleSyntax Lifecycle { get; } = new();

    /// <summary>True if the field is the raw rest of the line.</summary>
    public bool IsRest => Alternatives.Count == 1 && Alternatives[0].IsRest;

    /// <summary>The field as the spec writes it, without clauses but its default.</summary>
    public string Notation => Name.Text + Mark?.Text + ": " + string.Join(" | ", Alternatives)
        + (Default is { } number ? " default " + number.Text : "")
        + (When is { } when ? " when " + when.Field.Text + " \"" + when.Word.Text + "\"" : "");
}

/// <summary>An alternative of a field, or part of a cell: a literal, or a type with options in brackets.</summary>
internal sealed record ElementSyntax(Token Token, List<TypeOptionSyntax> Options, TextSpan Span)
{
    /// <summary>The quoted text with which the value begins; null for most.</summary>
    public Token? Prefix { get; init; }

    public bool IsLiteral => Token.Kind == TokenKind.Text;

    public bool IsRest => Token.IsWord("rest");

    public override string ToString()
    {
        if (IsLiteral)
        {
            return Quoted(Token);
        }

        var text = new StringBuilder(Prefix is { } prefix ? Quoted(prefix) + " " : "").Append(Token.Text);
        for (int index = 0; index < Options.Count; index++)
        {
            text.Append(index == 0 ? "[" : ", ").Append(Options[index]);
        }

        return text.Append(Options.Count > 0 ? "]" : "").ToString();
    }

    private static string Quoted(Token token) =>
        "\"" + token.Text.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
}

/// <summary>The brackets behind a type: a word, or a range, which can lack one end.</summary>
internal sealed record TypeOptionSyntax(Token First, bool IsRange, Token? Last)
{
    public TextSpan Span => TextSpan.FromBounds(First.Span.Start, (Last ?? First).Span.End);

    public override string ToString() => First.Text + (IsRange ? ":" : "") + Last?.Text;
}

/// <summary>The way in which the elements of a cell are joined.</summary>
internal enum CellKind
{
    /// <summary>One element, or alternatives.</summary>
    Alternatives,

    /// <summary>Elements joined by commas on the wire.</summary>
    Sequence,

    /// <summary><c>-</c>: the field does not apply and is written as a dash.</summary>
    Dash,

    /// <summary><c>...</c>: any number of further fields.</summary>
    List,
}

/// <summary>A cell of an event's table.</summary>
internal sealed record CellSyntax(CellKind Kind, List<ElementSyntax> Elements, TextSpan Span)
{
    public override string ToString() => Kind switch
    {
        CellKind.Dash => "-",
        CellKind.List => "...",
        CellKind.Sequence => string.Join(", ", Elements),
        _ => string.Join(" | ", Elements),
    };
}
