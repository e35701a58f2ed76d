using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The C# of a field: the properties and parameters that pass it to a handler.</summary>
/// <param name="field">The field.</param>
/// <param name="command">The command that has it; empty for the value of an option, which is no list.</param>
internal sealed class FieldCSharp(FieldModel field, string command = "")
{
    public FieldModel Field { get; } = field;

    /// <summary>The variable that ends up with the value.</summary>
    public string Local { get; } = Identifiers.Local(field.Name);

    /// <summary>The C# type of a value, whatever the mark; null when there are only literals.</summary>
    public string? ValueType => Field.Type is { } type ? TypeOf(type) : null;

    /// <summary>True if the value is a span of the line, which <c>Optional</c> cannot hold.</summary>
    public bool IsRefStruct => FieldPart.IsSpan(Field);

    public bool IsList => Field.Mark == FieldMark.List;

    /// <summary>
    /// The type of a list that has one made for it; null where the elements are the fields as they came.
    /// </summary>
    public string? ListType => IsList && (IsChoice || Field.Type is { Kind: not ValueKind.Text })
        ? InCommands + TypeIdentifiers.List(command, Field.Name)
        : null;

    /// <summary>True if there are quoted words, or texts before types.</summary>
    public bool IsChoice => Field.Literals.Count > 0 || Field.Prefixed.Count > 0;

    public bool IsOptional => Field.Mark == FieldMark.Optional;

    /// <summary>The value of a field that is not there; null when that is for the handler to say.</summary>
    public string? Default => Field.Default is not { } number ? null
        : Field.Type?.Kind == ValueKind.Seconds ? "new " + ValueType + "(" + CSharp.Number(number) + ")"
        : CSharp.Number(number);

    public string LiteralLocal(string literal) => Identifiers.Beside(Local, "is" + Identifiers.OfLiteral(literal));

    /// <summary>The values of this field for the handler: C# type, variable, property and meaning.</summary>
    public List<(string Type, string Local, string Property, string Docs)> Parts(string docs)
    {
        string notation = "`" + Field.Notation + "`";
        string about = docs.Length > 0 ? docs + "\n" + notation : "The field " + notation + ".";
        string summary = string.Join("\n", [about, .. LifecycleProse.Lines(Field.Lifecycle)]);
        string value = IsList ? ListType ?? FieldList
            : IsOptional && !IsRefStruct && Field.Default == null ? $"{Optional}<" + ValueType + ">"
            : ValueType ?? "";
        return FieldPart.Of(Field).ConvertAll(part => part.Kind switch
        {
            FieldPartKind.State =>
                (FieldState, Identifiers.Beside(Local, "state"), part.Property, "True if " + notation + " is there."),
            FieldPartKind.Literal => (
                "bool", LiteralLocal(part.Literal), part.Property,
                "True if " + notation + " is `" + part.Literal + "`."),
            _ => (value, Local, part.Property, summary),
        });
    }

    /// <summary>The C# type of a value of a command or an option.</summary>
    public static string TypeOf(ArgumentModel type) =>
        type.Kind == ValueKind.Name ? TypeOfName(type) : CSharp.TypeOf(type.Value);

    private static string TypeOfName(ArgumentModel type)
    {
        string name = type.Value.Declaration;
        return type.Use switch
        {
            NameUse.Form => Name,
            NameUse.Existing or NameUse.Change => CSharp.IndexType(name),
            _ => CSharp.TargetType(name),
        };
    }
}
