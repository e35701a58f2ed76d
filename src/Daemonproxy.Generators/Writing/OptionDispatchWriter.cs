using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The interface of whoever applies the options, and the reading of their values.</summary>
internal static class OptionDispatchWriter
{
    public static GeneratedFile WriteHandler(
        (EquatableArray<OptionModel> Options, Documentation Docs) spec, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Options);
        writer.Summary("Applies the options of the command line: one method for each.");
        writer.OpenType("internal interface IOptionHandler");
        foreach (OptionModel option in spec.Options)
        {
            var parameters = new List<string>();
            if (option.Field != null)
            {
                new FieldCSharp(option.Field).Parts("").ForEach(part => parameters.Add(part.Type + " " + part.Local));
            }

            writer.Gap();
            string docs = "`--" + option.Name + "`: " + spec.Docs["option " + option.Name];
            writer.Summary(LifecycleProse.Behind(docs, option.Lifecycle));
            string method = Identifiers.Handler(option.Name, "IOptionHandler");
            writer.Line($"{CommandError} {method}({string.Join(", ", parameters)})"
                + (option.IsDraft ? $" => {CommandError}.None;" : ";"));
        }

        writer.Close();
        return GeneratedFile.From("IOptionHandler", writer);
    }

    public static GeneratedFile WriteDispatch(EquatableArray<OptionModel> options, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Options);
        writer.Summary("Reads the values of options and applies them.");
        writer.OpenType("internal static class OptionDispatch");
        writer.Summary("Applies an option; its value is empty when it takes none.");
        writer.Line($"public static {CommandError} Apply(");
        writer.Open($"    {OptionId} id, {Bytes} value, {IOptionHandler} handler) => id switch");
        foreach (OptionModel option in options)
        {
            string name = Identifiers.Pascal(option.Name);
            string call = option.Field == null
                ? "handler." + Identifiers.Handler(option.Name, "IOptionHandler") + "()"
                : "Apply" + name + "(value, handler)";
            writer.Line($"{OptionId}." + name + " => " + call + ",");
        }

        writer.Line($"_ => throw new {OutOfRangeException}(nameof(id)),");
        writer.Close(";");
        foreach (OptionModel option in options)
        {
            if (option.Field != null)
            {
                WriteValue(writer, option.Name, option.Field);
            }
        }

        writer.Close();
        WriteLimits(writer, options);
        return GeneratedFile.From("OptionDispatch", writer);
    }

    private static void WriteValue(SourceWriter writer, string name, FieldModel field)
    {
        string span = Identifiers.Beside(Identifiers.Local(field.Name), "field");
        writer.Gap();
        writer.Open(
            $"private static {CommandError} Apply{Identifiers.Pascal(name)}({Bytes} {span}, {IOptionHandler} handler)");
        var parser = new FieldParser(writer, field, span, isThere: true);
        parser.Write();
        var values = new List<string>();
        foreach ((_, string local, _, _) in new FieldCSharp(field).Parts(""))
        {
            values.Add(local == Identifiers.Local(field.Name) ? parser.Value : local);
        }

        writer.Gap();
        string method = Identifiers.Handler(name, "IOptionHandler");
        writer.Line($"return handler.{method}({string.Join(", ", values)});");
        writer.Close();
    }

    // A size beyond them is no error of the command line: the nearest size is taken, and logged.
    private static void WriteLimits(SourceWriter writer, EquatableArray<OptionModel> options)
    {
        bool isOpen = false;
        foreach (OptionModel option in options)
        {
            PoolBounds? bounds = option.Field?.Type?.Pool;
            long? number = option.Field?.Default;
            if (bounds == null && number == null)
            {
                continue;
            }

            if (!isOpen)
            {
                writer.Gap();
                writer.Summary("The bounds of pools, and the defaults of numbers.");
                writer.OpenType("internal static class OptionLimits");
                isOpen = true;
            }

            string name = Identifiers.Pascal(option.Name);
            string of = " of `--" + option.Name + "`.";
            if (number is { } value)
            {
                WriteLimit(writer, name + "Default", value, "The number" + of.TrimEnd('.') + " when it is not given.");
            }

            if (bounds == null)
            {
                continue;
            }

            WriteLimit(writer, name + "RecordsLeast", bounds.LeastRecords, "The fewest records" + of);
            WriteLimit(writer, name + "RecordsMost", bounds.MostRecords, "The most records" + of);
            WriteLimit(writer, name + "BytesLeast", bounds.LeastBytes, "The fewest bytes of a record" + of);
            WriteLimit(writer, name + "BytesMost", bounds.MostBytes, "The most bytes of a record" + of);
        }

        if (isOpen)
        {
            writer.Close();
        }
    }

    private static void WriteLimit(SourceWriter writer, string name, long value, string docs)
    {
        writer.Gap();
        writer.Summary(docs);
        writer.Line("public const long " + name + " = " + CSharp.Number(value) + ";");
    }
}
