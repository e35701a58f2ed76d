using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>A type for an argument that may be a quoted word of the spec instead of a value.</summary>
internal static class ClientChoiceWriter
{
    public static void Write(SourceWriter writer, string command, ClientField field)
    {
        string name = field.ChoiceType;
        writer.Summary("A value of `" + field.Field.Name + "` of `" + command + "`: `" + field.Field.Notation + "`.");
        writer.OpenType("public readonly record struct " + name);
        writer.Line("private " + name + "(string? text) => Text = text;");
        writer.Gap();
        writer.Line("internal string? Text { get; }");
        foreach (string literal in field.Field.Literals)
        {
            string docs = literal.Length == 0 ? "An empty field." : "`" + literal + "`";
            writer.Gap();
            writer.Summary(docs);
            writer.Line(
                $"public static {field.Type} {Identifiers.OfAlternative(literal, name, "Text")} =>"
                + $" new({CSharp.Quoted(literal)});");
        }

        foreach (PrefixedModel prefixed in field.Field.Prefixed)
        {
            ArgumentModel value = prefixed.Type;
            writer.Gap();
            writer.Summary("A value behind `" + prefixed.Prefix + "`; what is outside its bounds is an exception.");
            string member =
                Identifiers.OfAlternative(Alternative.Short(prefixed.Prefix, field.Field), name, "Text");
            writer.Line(
                $"public static {field.Type} {member}({ClientCSharp.TypeOf(value.Value)} value) =>");
            writer.Line(
                $"    new({CSharp.Quoted(prefixed.Prefix)} + {ClientCSharp.TextOf(value, "value", "value")});");
        }

        if (field.Field.Type is { } type)
        {
            WriteConversions(writer, field.Type, type);
        }

        writer.Gap();
        writer.Summary("The field as it is sent.");
        writer.Line("public override string ToString() => Text ?? \"\";");
        writer.Close();
    }

    private static void WriteConversions(SourceWriter writer, string name, ArgumentModel type)
    {
        string own = ClientCSharp.TypeOf(type.Value);
        Convert(writer, name, own, ClientCSharp.TextOf(type, "value", "value"));
        foreach ((string other, string value) in Others(type, own))
        {
            Convert(writer, name, other, ClientCSharp.TextOf(type, value, "value"));
        }
    }

    // C# takes one conversion at a time, so that what converts to the type must be able to come here by itself.
    private static IEnumerable<(string Type, string Value)> Others(ArgumentModel type, string own)
    {
        switch (type.Kind)
        {
            case ValueKind.Name:
                yield return ("string", "new " + own + "(value)");
                break;
            case ValueKind.Signal:
                yield return ("string", own + ".Named(value)");
                break;
            case ValueKind.Seconds or ValueKind.Instant:
                yield return ("long", "new " + own + "(value)");
                break;
            case ValueKind.ValuedSet:
                yield return (Runtime.InClient + TypeIdentifiers.Set(type.Value.Declaration), "value");
                break;
        }
    }

    private static void Convert(SourceWriter writer, string name, string from, string text)
    {
        writer.Gap();
        writer.Summary("A value; what is outside its bounds is an exception.");
        writer.Line("public static implicit operator " + name + "(" + from + " value) =>");
        writer.Line("    new(" + text + ");");
    }
}
