using System.Collections.Generic;

namespace Daemonproxy.Generators.Model;

/// <summary>The meaning of a part of a field.</summary>
internal enum FieldPartKind
{
    /// <summary>True if the field is there; elsewhere the value says so itself.</summary>
    State,

    Value,

    /// <summary>True if the field is this literal.</summary>
    Literal,
}

/// <summary>One of the properties that a handler is handed of a field.</summary>
internal sealed record FieldPart(FieldPartKind Kind, string Property, string Literal = "")
{
    /// <summary>All of a field, in order.</summary>
    public static List<FieldPart> Of(FieldModel field)
    {
        string property = Identifiers.Pascal(field.Name);
        var value = new FieldPart(FieldPartKind.Value, Identifiers.Member(property));
        if (field.Mark == FieldMark.List)
        {
            return [value];
        }

        var parts = new List<FieldPart>();
        if (field.Mark == FieldMark.Optional && (field.Type == null || IsSpan(field)))
        {
            parts.Add(new FieldPart(FieldPartKind.State, property + "State"));
        }

        if (field.Type != null)
        {
            parts.Add(value);
        }

        foreach (string literal in field.Literals)
        {
            parts.Add(new FieldPart(FieldPartKind.Literal, property + "Is" + Identifiers.OfLiteral(literal), literal));
        }

        return parts;
    }

    /// <summary>True if the value is a span of the line, which cannot say itself whether it is there.</summary>
    public static bool IsSpan(FieldModel field) => field.Type is { } type
        && (type.Kind == ValueKind.Text || type.Value.HasTexts
            || (type.Kind == ValueKind.Name && type.Use is NameUse.Form or NameUse.Create or NameUse.Assign));
}
