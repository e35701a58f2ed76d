using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>
/// Writes the list of a command with elements of their types. The fields have been checked when there is a list, so
/// that an element is converted when it is asked for, and nothing is checked again.
/// </summary>
internal static class ListWriter
{
    /// <summary>The list, and for alternatives the type of an element; nothing for a list of texts.</summary>
    public static void Write(SourceWriter writer, string command, FieldModel field)
    {
        var names = new FieldCSharp(field, command);
        if (names.ListType == null)
        {
            return;
        }

        bool asks = AsksLookup(field);
        string list = TypeIdentifiers.List(command, field.Name);
        string parameters = $"{FieldList} fields{(asks ? $", {ICommandLookup} lookup" : "")}";
        string more = asks ? ", _lookup" : "";
        writer.Summary(
            "The list `" + field.Notation + "` of `" + command
            + "`: foreach gives its elements, without the empty fields.");
        writer.OpenType($"internal readonly ref struct {list}({parameters})");
        WriteLookup(writer, asks);
        writer.Summary("The fields as they came.");
        writer.Line($"public {FieldList} Fields {{ get; }} = fields;");
        writer.Gap();
        writer.Line($"public Enumerator GetEnumerator() => new(Fields{more});");
        writer.Gap();
        writer.Open($"internal ref struct Enumerator({parameters})");
        writer.Line($"private {FieldList}.Enumerator _fields = fields.GetEnumerator();");
        WriteLookup(writer, asks);
        if (names.IsChoice)
        {
            string element = InCommands + TypeIdentifiers.Choice(command, field.Name);
            writer.Line($"public readonly {element} Current => new(_fields.Current{more});");
        }
        else
        {
            WriteValue(writer, "readonly ", "Current", field.Type!, "_fields.Current", kind: null);
        }

        writer.Gap();
        writer.Line("public bool MoveNext() => _fields.MoveNext();");
        writer.Close();
        writer.Close();
        writer.Gap();
        if (names.IsChoice)
        {
            WriteElement(writer, command, field, asks);
        }
    }

    /// <summary>True if an element refers to something, which is looked up.</summary>
    public static bool AsksLookup(FieldModel field) =>
        field.Types.Any(type => type.Kind == ValueKind.Name && type.Use != NameUse.Form);

    private static void WriteLookup(SourceWriter writer, bool asks)
    {
        if (asks)
        {
            writer.Line($"private readonly {ICommandLookup} _lookup = lookup;");
        }

        writer.Gap();
    }

    private static void WriteElement(SourceWriter writer, string command, FieldModel field, bool asks)
    {
        string name = TypeIdentifiers.Choice(command, field.Name);
        string kindName = TypeIdentifiers.Kind(command, field.Name);
        string kind = InCommands + kindName;
        List<Alternative> alternatives = Alternative.OfList(field, name);
        writer.Summary("The kinds of an element of `" + field.Name + "` of `" + command + "`.");
        writer.OpenType("internal enum " + kindName);
        foreach (Alternative alternative in alternatives)
        {
            writer.Gap();
            writer.Summary(Describe(alternative));
            writer.Line(alternative.Identifier + ",");
        }

        writer.Close();
        writer.Gap();
        writer.Summary("An element of `" + field.Name + "` of `" + command + "`: `" + field.Notation + "`.");
        writer.OpenType(
            $"internal readonly ref struct {name}({Bytes} text{(asks ? $", {ICommandLookup} lookup" : "")})");
        WriteLookup(writer, asks);
        writer.Summary("The field as it came.");
        writer.Line($"public {Bytes} Text {{ get; }} = text;");
        writer.Gap();
        writer.Summary("The kind of the element.");
        writer.Line($"public {kind} Kind {{ get; }} = KindOf(text);");
        foreach (Alternative alternative in alternatives.FindAll(one => one.Type != null))
        {
            writer.Gap();
            writer.Summary(Describe(alternative) + " Meaningful only for this kind.");
            string bytes = alternative.IsAlone ? "Text" : $"Text[{CSharp.Utf8(alternative.Text)}.Length..]";
            WriteValue(
                writer, "", alternative.Identifier, alternative.Type!, bytes, kind + "." + alternative.Identifier);
        }

        writer.Gap();
        WriteKindOf(writer, kind, alternatives);
        writer.Close();
        writer.Gap();
    }

    private static string Describe(Alternative alternative) =>
        alternative.IsAlone ? "A value without a text before it."
        : alternative.Type != null ? "The value behind `" + alternative.Text + "`."
        : "`" + alternative.Text + "`.";

    // What is none of the others is the last: it has been checked.
    private static void WriteKindOf(SourceWriter writer, string kind, List<Alternative> alternatives)
    {
        writer.Open($"private static {kind} KindOf({Bytes} text)");
        for (int index = 0; index < alternatives.Count - 1; index++)
        {
            Alternative alternative = alternatives[index];
            writer.If(
                alternative.Type == null
                    ? FieldConditions.Match("text", alternative.Text)
                    : $"{Spans}.StartsWith(text, {CSharp.Utf8(alternative.Text)})",
                $"return {kind}.{alternative.Identifier};");
            writer.Gap();
        }

        writer.Line($"return {kind}.{alternatives[alternatives.Count - 1].Identifier};");
        writer.Close();
    }

    // A property; of an element that is of another kind it has no value.
    private static void WriteValue(
        SourceWriter writer, string modifier, string property, ArgumentModel type, string bytes, string? kind)
    {
        string own = FieldCSharp.TypeOf(type);
        string declaration = $"public {modifier}{own} {property}";
        bool isTarget = type.Kind == ValueKind.Name && type.Use is NameUse.Create or NameUse.Assign;
        (string? statement, string value) = Convert(type, bytes);
        string none = NoneOf(type);
        if (statement == null)
        {
            writer.Line(declaration + " => " + (kind == null ? value : $"Kind == {kind} ? {value} : {none}") + ";");
            return;
        }

        writer.Open(declaration);
        writer.Open("get");
        if (kind != null)
        {
            writer.If("Kind != " + kind, $"return {none};");
            writer.Gap();
        }

        if (isTarget)
        {
            writer.Line($"{Name} name = {Name}.Trusted({bytes});");
        }

        writer.Line(statement);
        writer.Line($"return {value};");
        writer.Close();
        writer.Close();
    }

    // What names something must not name the first one by default.
    private static string NoneOf(ArgumentModel type)
    {
        string none = CSharp.IndexType(type.Value.Declaration) + ".None";
        return type.Kind != ValueKind.Name || type.Use == NameUse.Form ? "default"
            : type.Use is NameUse.Existing or NameUse.Change ? none
            : $"new {FieldCSharp.TypeOf(type)}(default, {none})";
    }

    // What reads the value of a field that has been checked, if it takes a statement, and the value.
    private static (string? Statement, string Value) Convert(ArgumentModel type, string bytes)
    {
        string declaration = type.Value.Declaration;
        string own = FieldCSharp.TypeOf(type);
        return type.Kind switch
        {
            ValueKind.Text => (null, bytes),
            ValueKind.Name => ConvertName(type, bytes),
            ValueKind.Integer => ($"{ArgumentTypes}.TryInteger({bytes}, out long value);", "value"),
            ValueKind.Seconds => ($"{ArgumentTypes}.TryInteger({bytes}, out long value);", $"new {Seconds}(value)"),
            ValueKind.Instant => ($"{ArgumentTypes}.TryInstant({bytes}, out {own} value);", "value"),
            ValueKind.Signal => ($"{SignalArgument}.TryParse({bytes}, out {own} value);", "value"),
            ValueKind.ValuedSet =>
                ($"{CSharp.SetText(declaration)}.TryParse({bytes}, out {own} value, out _, out _);", "value"),
            ValueKind.Set => ($"{CSharp.SetText(declaration)}.TryParse({bytes}, out {own} value, out _);", "value"),
            ValueKind.Enum => ($"{CSharp.EnumText(declaration)}.TryParse({bytes}, out {own} value);", "value"),
            _ => throw new System.InvalidOperationException(type.Kind + " is no type of a command"),
        };
    }

    // What may be made is called by a variable, name.
    private static (string? Statement, string Value) ConvertName(ArgumentModel type, string bytes)
    {
        string name = $"{Name}.Trusted({bytes})";
        string declaration = type.Value.Declaration;
        string find = "_lookup.TryFind" + Identifiers.Pascal(declaration);
        string index = CSharp.IndexType(declaration);
        return type.Use switch
        {
            NameUse.Form => (null, name),
            NameUse.Existing or NameUse.Change => ($"{find}({name}, out {index} value);", "value"),
            _ => ($"{find}(name, out {index} index);", $"new {CSharp.TargetType(declaration)}(name, index)"),
        };
    }
}
