using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>Says in words what a field may be, in Markdown with links to the types.</summary>
internal static class FieldProse
{
    public static string Of(FieldModel field)
    {
        var alternatives = new List<string>();
        foreach (string literal in field.Literals)
        {
            alternatives.Add(Markdown.Code(literal));
        }

        foreach (PrefixedModel prefixed in field.Prefixed)
        {
            alternatives.Add(Markdown.Code(prefixed.Prefix) + " and " + Of(prefixed.Type));
        }

        if (field.Mark == FieldMark.Rest)
        {
            alternatives.Add("the rest of the line, TABs included");
        }
        else if (field.Type != null)
        {
            alternatives.Add(Of(field.Type));
        }

        string prose = string.Join(" or ", alternatives);
        string tolerated = field.ToleratesMalformed ? "; anything else counts as given, and wrong" : "";
        return field.Mark switch
        {
            FieldMark.Optional when field.When is { } when =>
                "when " + when.Field.ToUpperInvariant() + " is " + Markdown.Code(when.Word) + ": " + prose,
            FieldMark.Optional => "optional: " + prose + tolerated
                + (field.Default is { } number ? "; without it " + Number(number) : ""),
            FieldMark.List => "any number of: " + prose,
            _ => prose,
        };
    }

    /// <summary>A link to a type, an enum or a set.</summary>
    public static string Link(string name) => "[" + name + "](#type-" + name + ")";

    private static string Of(ArgumentModel type)
    {
        string name = Link(type.Value.Declaration);
        return type.Kind switch
        {
            ValueKind.Name => type.Use switch
            {
                NameUse.Existing => "a " + name + " that exists",
                NameUse.Change => "a " + name + " that exists and is not constant",
                NameUse.Create => "a " + name + ", made if it does not exist",
                NameUse.Assign => "a " + name + ", new or replaced, not constant",
                _ => "the name of a " + name + ", which need not exist",
            },
            ValueKind.Integer => "a whole number" + Range(type),
            ValueKind.Seconds => "seconds" + Range(type),
            ValueKind.Instant => "a second of the clock",
            ValueKind.Signal => type.MustBeCounted ? "a signal that is counted" : "a signal",
            ValueKind.Enum => "a word of " + name,
            ValueKind.Set or ValueKind.ValuedSet => "words of " + name + ", joined by commas",
            _ => "any bytes without a TAB",
        };
    }

    private static string Range(ArgumentModel type) => (type.Least, type.Most) switch
    {
        (null, null) => "",
        ({ } least, null) => ", at least " + Number(least),
        (null, { } most) => ", at most " + Number(most),
        ({ } least, { } most) => " from " + Number(least) + " to " + Number(most),
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
