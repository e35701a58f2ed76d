using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing;

/// <summary>How a field appears in C#: the properties and parameters that hand it to a handler.</summary>
internal sealed class FieldCSharp(FieldModel field)
{
    public FieldModel Field { get; } = field;

    /// <summary>The variable that ends up with the value.</summary>
    public string Local { get; } = CSharp.Local(field.Name);

    /// <summary>The property with the value.</summary>
    public string Property { get; } = Identifiers.Pascal(field.Name);

    /// <summary>The C# type of a value, whatever the mark; null when there are only literals.</summary>
    public string? ValueType => Field.Type is not { } type ? null : type.Kind switch
    {
        ValueKind.Name => TypeOfName(type),
        _ => CSharp.TypeOf(type.Value),
    };

    /// <summary>Whether the value is a span of the line, which <c>Optional</c> cannot hold.</summary>
    public bool IsRefStruct => Field.Type is { } type
        && (type.Kind == ValueKind.Text
            || (type.Kind == ValueKind.Name && type.Use is NameUse.Form or NameUse.Create or NameUse.Assign));

    public bool IsList => Field.Mark == FieldMark.List;

    public bool IsOptional => Field.Mark == FieldMark.Optional;

    public string LiteralLocal(string literal) => Local + "Is" + Identifiers.OfLiteral(literal);

    /// <summary>What the handler gets of this field: C# type, variable, property, and what it means.</summary>
    public List<(string Type, string Local, string Property, string Docs)> Parts(string docs)
    {
        var parts = new List<(string, string, string, string)>();
        string notation = "`" + Field.Notation + "`";
        string summary = docs.Length > 0 ? docs + "\n" + notation : "The field " + notation + ".";
        if (IsList)
        {
            parts.Add(("FieldList", Local, Property, summary));
            return parts;
        }

        if (IsOptional && (ValueType == null || IsRefStruct))
        {
            parts.Add(("FieldState", Local + "State", Property + "State", "Whether " + notation + " is there."));
        }

        if (ValueType is { } type)
        {
            parts.Add((IsOptional && !IsRefStruct ? "Optional<" + type + ">" : type, Local, Property, summary));
        }

        foreach (string literal in Field.Literals)
        {
            string property = Property + "Is" + Identifiers.OfLiteral(literal);
            parts.Add((
                "bool", LiteralLocal(literal), property, "Whether " + notation + " is `" + literal + "`."));
        }

        return parts;
    }

    private static string TypeOfName(ArgumentModel type)
    {
        string name = Identifiers.Pascal(type.Value.Declaration);
        return type.Use switch
        {
            NameUse.Form => "Name",
            NameUse.Existing or NameUse.Change => name + "Index",
            _ => name + "Target",
        };
    }
}
