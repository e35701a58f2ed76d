using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The typed arguments of one command, and the method that its handler must have.</summary>
internal static class CommandWriter
{
    public static GeneratedFile Write(Documented<CommandModel> documented, Namespaces names)
    {
        CommandModel model = documented.Model;
        string key = "command " + model.Name;
        string name = TypeIdentifiers.Arguments(model.Name);
        var writer = new SourceWriter(names, names.Commands);
        var parts = new List<(string Type, string Local, string Property, string Docs)>();
        foreach (FieldModel field in model.Fields)
        {
            parts.AddRange(new FieldCSharp(field, model.Name).Parts(documented.Docs[key + "/" + field.Name]));
        }

        if (model.Takes != null)
        {
            string docs = "The descriptor sent along with the line; it is closed unless the command is carried out.";
            parts.Insert(0, (FdNumber, DispatchWriter.Descriptor, "Descriptor", docs));
        }

        if (model.ExtraIsLast)
        {
            string docs = "True if there are further fields, which is an error if nothing else is one.";
            parts.Add(("bool", "hasExtra", "HasExtra", docs));
        }

        writer.Summary("The arguments of `" + model.Name + "`, of their types and within their bounds.");
        List<string> parameters = parts.ConvertAll(part => part.Type + " " + part.Local);
        writer.Line(GeneratedCode);
        writer.OpenCall("internal readonly ref struct " + name + "(", parameters, ")");
        foreach ((string type, string local, string property, string docs) in parts)
        {
            writer.Gap();
            writer.Summary(docs);
            writer.Line("public " + type + " " + property + " { get; } = " + local + ";");
        }

        writer.Close();
        writer.Gap();
        foreach (FieldModel field in model.Fields)
        {
            ListWriter.Write(writer, model.Name, field);
        }

        string section = TypeIdentifiers.Section(model.Section);
        writer.Open("internal partial interface " + section);
        writer.Summary("`" + model.Name + "`: " + documented.Docs[key]);
        if (Remarks(model) is { Length: > 0 } remarks)
        {
            writer.Remarks(remarks);
        }

        string method = Identifiers.Handler(model.Name, section);
        writer.Line($"{CommandError} {method}(scoped in {InCommands}{name} arguments)"
            + (model.IsDraft ? $" => {CommandError}.None;" : ";"));
        writer.Close();
        return GeneratedFile.From(name, writer);
    }

    private static string Remarks(CommandModel model)
    {
        var lines = new List<string>();
        if (model.Fails.Count > 0)
        {
            lines.Add("Fails with `" + string.Join("`, `", model.Fails) + "`.");
        }

        if (model.Emits.Count > 0)
        {
            var emits = new List<string>();
            foreach (EmittedModel emitted in model.Emits)
            {
                string times = emitted.Times == 1 ? "" : " (at most " + CSharp.Number(emitted.Times) + ")";
                emits.Add("`" + emitted.Event + "`" + times);
            }

            lines.Add("Emits " + string.Join(", ", emits) + ".");
        }

        if (model.Streams.Count > 0)
        {
            lines.Add("Streams `" + string.Join("`, `", model.Streams) + "`.");
        }

        lines.AddRange(LifecycleProse.Lines(model.Lifecycle));
        return string.Join("\n", lines);
    }
}
