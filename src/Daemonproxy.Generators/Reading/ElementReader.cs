using System.Collections.Generic;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Reading;

/// <summary>Reads fields, types and cells from a line.</summary>
internal static class ElementReader
{
    // What can be read at a glance; each is also a condition in the C# that is made of it.
    private const int MostAlternatives = 32;
    private const int MostNames = 64;
    private const int MostOptions = 2;

    // What follows the alternatives of a field.
    private static readonly HashSet<string> _clauses =
        ["else", "missing", "shown", "default", "when", "since", "deprecated"];

    /// <summary>The part behind a field's name: mark, types and clauses.</summary>
    public static FieldSyntax ReadField(LineCursor cursor, Token name, string docs)
    {
        Token? mark = cursor.Current.IsSymbol("?") || cursor.Current.IsSymbol("...") ? cursor.Take() : null;
        cursor.TakeSymbol(":");
        var field = new FieldSyntax(name, docs, mark, ReadAlternatives(cursor));
        while (!cursor.AtEnd)
        {
            if (field.Else == null && cursor.TryTake("else"))
            {
                field.Else = cursor.TakeWord("the name of an error, or none");
            }
            else if (field.Missing == null && cursor.TryTake("missing"))
            {
                field.Missing = cursor.TakeWord("the name of an error");
            }
            else if (field.Shown == null && cursor.TryTake("shown"))
            {
                field.Shown = cursor.TakeRemainder("the value as --help shows it");
            }
            else if (field.Default == null && cursor.TryTake("default"))
            {
                field.Default = cursor.TakeWord("the default value");
            }
            else if (field.When == null && cursor.TryTake("when"))
            {
                Token other = cursor.TakeName("the name of an earlier field");
                field.When = (other, cursor.TakeText("a quoted word of that field"));
            }
            else if (!TryReadLifecycle(cursor, field.Lifecycle))
            {
                cursor.Expected(
                    "`|`, one `else`, `missing`, `default`, `when`, `since`, `deprecated` or `shown`, "
                    + "or the end of the line",
                    "else", "missing", "default", "when", "since", "deprecated", "shown");
            }
        }

        return field;
    }

    /// <summary><c>= 7</c>, the number of an error.</summary>
    public static (Token Token, int Value)? TryReadErrorNumber(LineCursor cursor)
    {
        if (!cursor.TryTake("="))
        {
            return null;
        }

        (Token Token, int Value) number = cursor.TakeNumber("the number of the error");
        return cursor.Failed ? null : number;
    }

    /// <summary><c>since 2</c> or <c>deprecated "use x"</c>, each once.</summary>
    public static bool TryReadLifecycle(LineCursor cursor, LifecycleSyntax lifecycle)
    {
        if (lifecycle.Since == null && cursor.TryTake("since"))
        {
            lifecycle.Since = cursor.TakeNumber("a version of the protocol");
            return true;
        }

        if (lifecycle.Deprecated == null && cursor.TryTake("deprecated"))
        {
            lifecycle.Deprecated = cursor.TakeText("a quoted text that says what to use instead");
            return true;
        }

        return false;
    }

    /// <summary><c>"-" | "in:" seconds[1:60]</c>.</summary>
    public static List<ElementSyntax> ReadAlternatives(LineCursor cursor)
    {
        var alternatives = new List<ElementSyntax> { ReadAlternative(cursor) };
        while (cursor.TryTake("|")
            && !cursor.AreTooMany(alternatives.Count, MostAlternatives, "a field", "alternatives"))
        {
            alternatives.Add(ReadAlternative(cursor));
        }

        return alternatives;
    }

    /// <summary><c>"-"</c>, <c>service[create]</c> or <c>integer[1:65535]</c>.</summary>
    public static ElementSyntax ReadElement(LineCursor cursor)
    {
        Token token = cursor.Current.Kind == TokenKind.Text
            ? cursor.Take()
            : cursor.TakeWord("a type or a quoted literal");
        var options = new List<TypeOptionSyntax>();
        TextSpan span = token.Span;
        if (token.Kind == TokenKind.Word && cursor.TryTake("["))
        {
            do
            {
                options.Add(ReadOption(cursor));
            }
            while (cursor.TryTake(",") && !cursor.AreTooMany(options.Count, MostOptions, "a type", "options"));

            span = TextSpan.FromBounds(span.Start, cursor.Current.Span.End);
            cursor.TakeSymbol("]");
        }

        return new ElementSyntax(token, options, span);
    }

    /// <summary>A cell of a table: it ends where the next token neither joins nor is joined.</summary>
    public static CellSyntax ReadCell(LineCursor cursor)
    {
        if (cursor.Current.IsWord("-") || cursor.Current.IsSymbol("..."))
        {
            Token token = cursor.Take();
            return new CellSyntax(token.Text == "-" ? CellKind.Dash : CellKind.List, [], token.Span);
        }

        int start = cursor.Current.Span.Start;
        var elements = new List<ElementSyntax> { ReadElement(cursor) };
        bool isSequence = cursor.Current.IsSymbol(",");
        string joint = isSequence ? "," : "|";
        while (cursor.TryTake(joint) && !cursor.AreTooMany(elements.Count, MostAlternatives, "a cell", "parts"))
        {
            elements.Add(ReadElement(cursor));
        }

        int end = elements[elements.Count - 1].Span.End;
        CellKind kind = isSequence ? CellKind.Sequence : CellKind.Alternatives;
        return new CellSyntax(kind, elements, TextSpan.FromBounds(start, end));
    }

    /// <summary><c>fails a, b.c</c>.</summary>
    public static void ReadNames(LineCursor cursor, string expected, List<Token> names)
    {
        do
        {
            if (cursor.AreTooMany(names.Count, MostNames, "a member", "names"))
            {
                return;
            }

            names.Add(cursor.TakeName(expected, dotted: true));
        }
        while (cursor.TryTake(","));
    }

    // A quoted text before a type is how the value begins.
    private static ElementSyntax ReadAlternative(LineCursor cursor)
    {
        ElementSyntax first = ReadElement(cursor);
        if (!first.IsLiteral || cursor.Current.Kind != TokenKind.Word || _clauses.Contains(cursor.Current.Text))
        {
            return first;
        }

        ElementSyntax type = ReadElement(cursor);
        return type with { Prefix = first.Token, Span = TextSpan.FromBounds(first.Span.Start, type.Span.End) };
    }

    private static TypeOptionSyntax ReadOption(LineCursor cursor)
    {
        Token first = cursor.TakeWord("a number, a range or a word");
        if (!cursor.TryTake(":"))
        {
            return new TypeOptionSyntax(first, false, null);
        }

        Token? last = cursor.Current.Kind == TokenKind.Word ? cursor.Take() : null;
        return new TypeOptionSyntax(first, true, last);
    }
}
