using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing;

/// <summary>The interface of whoever applies the options, and the reading of their values.</summary>
internal static class OptionDispatchWriter
{
    public static GeneratedFile WriteHandler((EquatableArray<OptionModel> Options, Documentation Docs) spec)
    {
        SourceWriter writer = Begin();
        writer.Summary("Applies the options of the command line: one method for each.");
        writer.Open("internal interface IOptionHandler");
        foreach (OptionModel option in spec.Options)
        {
            var parameters = new List<string>();
            if (option.Field != null)
            {
                new FieldCSharp(option.Field).Parts("").ForEach(part => parameters.Add(part.Type + " " + part.Local));
            }

            writer.Gap();
            writer.Summary("`--" + option.Name + "`: " + spec.Docs["option " + option.Name]);
            writer.Line(
                "CommandError " + Identifiers.Pascal(option.Name) + "(" + string.Join(", ", parameters) + ");");
        }

        writer.Close();
        return GeneratedFile.From("IOptionHandler", writer);
    }

    public static GeneratedFile WriteDispatch(EquatableArray<OptionModel> options)
    {
        SourceWriter writer = Begin();
        writer.Summary("Reads the values of options and applies them.");
        writer.Open("internal static class OptionDispatch");
        writer.Summary("Applies an option; its value is empty when it takes none.");
        writer.Line("public static CommandError Apply(");
        writer.Open("    OptionId id, ReadOnlySpan<byte> value, IOptionHandler handler) => id switch");
        foreach (OptionModel option in options)
        {
            string name = Identifiers.Pascal(option.Name);
            string call = option.Field == null ? "handler." + name + "()" : name + "(value, handler)";
            writer.Line("OptionId." + name + " => " + call + ",");
        }

        writer.Line("_ => throw new ArgumentOutOfRangeException(nameof(id)),");
        writer.Close(";");
        foreach (OptionModel option in options)
        {
            if (option.Field != null)
            {
                WriteValue(writer, Identifiers.Pascal(option.Name), option.Field);
            }
        }

        writer.Close();
        return GeneratedFile.From("OptionDispatch", writer);
    }

    private static void WriteValue(SourceWriter writer, string name, FieldModel field)
    {
        string span = CSharp.Local(field.Name) + "Field";
        writer.Gap();
        writer.Open(
            "private static CommandError " + name + "(ReadOnlySpan<byte> " + span + ", IOptionHandler handler)");
        var parser = new FieldParser(writer, field, span, isThere: true);
        parser.Write();
        var values = new List<string>();
        foreach ((_, string local, _, _) in new FieldCSharp(field).Parts(""))
        {
            values.Add(local == CSharp.Local(field.Name) ? parser.Value : local);
        }

        writer.Gap();
        writer.Line("return handler." + name + "(" + string.Join(", ", values) + ");");
        writer.Close();
    }

    private static SourceWriter Begin() =>
        new("Daemonproxy.Options", "System", "Daemonproxy.Protocol", "Daemonproxy.Time");
}
