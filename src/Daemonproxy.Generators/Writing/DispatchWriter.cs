using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>Writes the method that reads the fields of one command and calls its handler.</summary>
internal static class DispatchWriter
{
    /// <summary>The variable with the descriptor that a command takes.</summary>
    public const string Descriptor = "descriptor";

    public static GeneratedFile Write(CommandModel model, Namespaces names)
    {
        string name = Identifiers.Pascal(model.Name);
        bool needsField = model.Takes == null && model.Fields.Count > 0 && model.Fields[0].Mark == FieldMark.Required;
        var writer = new SourceWriter(names, names.Commands);
        writer.Open("internal static partial class CommandDispatch");
        const string parameters = $"(ref {FieldReader} fields, {CommandHandlers} handlers";
        if (model.Takes is { } none)
        {
            WriteTake(writer, name, parameters + ")", none);
            writer.Open($"private static {CommandError} Run{name}With{parameters}, {FdNumber} {Descriptor})");
        }
        else
        {
            if (needsField)
            {
                writer.Line("// Not inlined: the caller would make room for the answer of each command, and copy it.");
                writer.Line(NotInlined);
            }

            writer.Open($"private static {CommandError} Run" + name + parameters + ")");
        }

        if (needsField)
        {
            WriteNeed(writer, Missing(model.Fields[0]));
            writer.Open($"static {CommandError} Read" + parameters + ")");
        }

        WriteFields(writer, model, needsField);
        if (needsField)
        {
            writer.Close();
        }

        writer.Close();
        writer.Close();
        return GeneratedFile.From("CommandDispatch." + name, writer);
    }

    private static void WriteFields(SourceWriter writer, CommandModel model, bool hasFirst)
    {
        bool isCounted = model.Extra != null && !model.ExtraIsLast;
        if (isCounted)
        {
            WriteCount(writer, model, model.Extra!, hasFirst ? 1 : 0);
        }

        var values = new List<string>();
        if (model.Takes != null)
        {
            values.Add(Descriptor);
        }

        for (int index = 0; index < model.Fields.Count; index++)
        {
            FieldModel field = model.Fields[index];
            bool isThere = isCounted || (hasFirst && index == 0);
            var parser = new FieldParser(writer, field, null, isThere, model.Name);
            parser.Write();
            foreach ((_, string local, _, _) in new FieldCSharp(field).Parts(""))
            {
                values.Add(local == Identifiers.Local(field.Name) ? parser.Value : local);
            }
        }

        if (model.ExtraIsLast)
        {
            values.Add("fields.CountLeft() > 0");
        }

        writer.Gap();
        string section = HandlersWriter.Property(model.Section);
        string method = Identifiers.Handler(model.Name, TypeIdentifiers.Section(model.Section));
        string arguments = InCommands + TypeIdentifiers.Arguments(model.Name);
        writer.Call($"return handlers.{section}.{method}(new {arguments}(", values, "));");
    }

    // The descriptor is looked for before anything else, and closed if anything is wrong with the rest.
    private static void WriteTake(SourceWriter writer, string name, string parameters, string none)
    {
        writer.Open($"private static {CommandError} Run" + name + parameters);
        writer.If(
            $"!handlers.Lookup.TryTakeDescriptor(out {FdNumber} " + Descriptor + ")",
            "return " + CSharp.Error(none) + ";");
        writer.Gap();
        writer.Line($"{CommandError} error = Run" + name + "With(ref fields, handlers, " + Descriptor + ");");
        writer.If("!error.IsNone", "handlers.Lookup.CloseDescriptor(" + Descriptor + ");");
        writer.Gap();
        writer.Line("return error;");
        writer.Close();
        writer.Gap();
    }

    // A method that reads fields makes room for all of them first, which the refusal of a name alone need not wait for.
    private static void WriteNeed(SourceWriter writer, string missing)
    {
        writer.If("!fields.HasNext", "return " + missing + ";");
        writer.Gap();
        writer.Line("return Read(ref fields, handlers);");
        writer.Gap();
    }

    // A wrong number of fields is reported before errors in the fields.
    private static void WriteCount(SourceWriter writer, CommandModel model, string extra, int least)
    {
        string expected = CSharp.Number(model.Fields.Count);
        writer.Line("int fieldCount = fields.CountLeft();");
        if (model.Fields.Count == least + 1)
        {
            writer.If("fieldCount < " + expected, "return " + Missing(model.Fields[least]) + ";");
            writer.Gap();
        }
        else if (model.Fields.Count > least)
        {
            writer.Open("if (fieldCount < " + expected + ")");
            writer.Open("switch (fieldCount)");
            for (int index = least; index < model.Fields.Count; index++)
            {
                string label = index == model.Fields.Count - 1 ? "default" : "case " + CSharp.Number(index);
                writer.Line(label + ": return " + Missing(model.Fields[index]) + ";");
            }

            writer.Close();
            writer.Close();
            writer.Gap();
        }

        writer.If("fieldCount > " + expected, "return " + CSharp.Error(extra) + ";");
    }

    private static string Missing(FieldModel field) => FieldChecks.Error(field.Errors.Missing, "default");
}
