using System.Collections.Generic;
using Daemonproxy.Generators.Checking;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Compatibility;

/// <summary>Where things stand in the spec: the models do not know.</summary>
internal sealed class SpecSpans(Scope scope)
{
    /// <summary>The name of the protocol: where something should be that is nowhere.</summary>
    public TextSpan Protocol => scope.Protocol!.Name.Span;

    /// <summary>The name of a declaration.</summary>
    public TextSpan Declaration(string keyword, string name) => Find(keyword, name)?.Name.Span ?? Protocol;

    /// <summary>The name of a field; that of the declaration when it has not so many.</summary>
    public TextSpan Field(string keyword, string name, int index) => Find(keyword, name) switch
    {
        FieldsSyntax fields when index < fields.Fields.Count => fields.Fields[index].Name.Span,
        { } other => other.Name.Span,
        null => Protocol,
    };

    /// <summary>A field of an event: a cell of the case, or the field of an event without cases.</summary>
    public TextSpan Cell(string @event, string? @case, int index)
    {
        if (@case == null)
        {
            return Field("event", @event, index);
        }

        if (Find("event", @event) is EventSyntax table)
        {
            foreach ((Token name, List<CellSyntax> cells) in table.Rows)
            {
                if (name.Text == @case)
                {
                    return index < cells.Count ? cells[index].Span : name.Span;
                }
            }
        }

        return Declaration("event", @event);
    }

    /// <summary>The text of an error, a warning or an info; of a type, for <c>service.unknown</c>.</summary>
    public TextSpan Message(string keyword, string name)
    {
        if (Find(keyword, name) is MessageSyntax message)
        {
            return message.Text.Span;
        }

        int dot = name.LastIndexOf('.');
        if (dot > 0 && Find("type", name.Substring(0, dot)) is TypeSyntax type)
        {
            return Member(type, name.Substring(dot + 1))?.Text.Span ?? Protocol;
        }

        return Protocol;
    }

    /// <summary>The name of an error; of a text of a type, for <c>service.unknown</c>.</summary>
    public TextSpan Error(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot > 0 && Find("type", name.Substring(0, dot)) is TypeSyntax type
            ? Member(type, name.Substring(dot + 1))?.Name.Span ?? Protocol
            : Declaration("error", name);
    }

    private static TypeTextSyntax? Member(TypeSyntax type, string name) =>
        type.Members.Find(member => member.Name.Text == name);

    private DeclarationSyntax? Find(string keyword, string name) => scope.Declarations.Find(
        declaration => declaration.Keyword.Text == keyword && declaration.Name.Text == name);
}
