using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>One method for each command, and the types of its arguments that are not of one kind.</summary>
internal static class ClientCommandWriter
{
    private const string Line = "line";
    private const string Descriptor = "descriptor";

    public static GeneratedFile Write(Documented<CommandModel> documented, Namespaces names)
    {
        CommandModel model = documented.Model;
        string key = "command " + model.Name;
        string name = Identifiers.Pascal(model.Name);
        var fields = new List<ClientField>();
        foreach (FieldModel field in model.Fields)
        {
            fields.Add(new ClientField(model.Name, field, documented.Docs[key + "/" + field.Name]));
        }

        var writer = new SourceWriter(names, names.Client);
        foreach (ClientField field in fields)
        {
            if (field.IsChoice)
            {
                ClientChoiceWriter.Write(writer, model.Name, field);
                writer.Gap();
            }
        }

        writer.Open("public sealed partial class " + names.Connection);
        if (names.HasGeneratedRuntime && model.Takes != null)
        {
            writer.Line("// `" + model.Name + "` takes a descriptor, which a stream cannot carry.");
        }
        else
        {
            WriteDocs(writer, model, documented.Docs[key], fields);
            WriteMethod(writer, model, name, fields, names.HasGeneratedRuntime);
        }

        writer.Close();
        return GeneratedFile.From(name + "Command", writer);
    }

    private static void WriteDocs(SourceWriter writer, CommandModel model, string docs, List<ClientField> fields)
    {
        writer.Summary("`" + model.Name + "`: " + docs);
        if (model.Takes != null)
        {
            writer.Line(
                "/// <param name=\"" + Descriptor + "\">The descriptor to be sent along; it stays open here.</param>");
        }

        foreach (ClientField field in fields)
        {
            if (field.IsParameter)
            {
                writer.Line("/// <param name=\"" + field.Local.TrimStart('@') + "\">" + field.Docs + "</param>");
            }
        }

        writer.Line($"/// <returns>What the {Peer} answered, once the command is done.</returns>");
        if (model.Fails.Count > 0 || model.Extra != null)
        {
            string fails = string.Join("`, `", model.Fails);
            string also = fails.Length > 0 ? ": `" + fails + "`, or one of its arguments." : ".";
            writer.Line(
                $"/// <exception cref=\"{CommandFailedException}\">{Xml.FromSpec("It failed" + also)}</exception>");
        }

        if (model.Age.Since != null)
        {
            writer.Remarks(AgeProse.Since(model.Age));
        }

        AgeProse.WriteObsolete(writer, model.Age);
    }

    // Typed, the result has the type of the answer.
    private static void WriteMethod(
        SourceWriter writer, CommandModel model, string name, List<ClientField> fields, bool isTyped)
    {
        List<string> parameters = fields.FindAll(field => field.IsParameter).ConvertAll(field => field.Declaration);
        string method = TakenNames.Connection.Contains(name) ? name + "Async_" : name + "Async";
        if (model.Takes != null)
        {
            parameters.Insert(0, $"{SafeHandle} " + Descriptor);
        }

        List<string> answers = Events(model.Emits);
        string type = answers.Count == 1 ? answers[0] : DaemonEvent;
        string result = !isTyped ? $"{Task}<{CommandResult}>"
            : answers.Count == 0 ? Task
            : $"{Task}<{CommandResult}<{type}>>";
        writer.Line(GeneratedCode);
        writer.OpenCall("public " + result + " " + method + "(", parameters, ")");
        if (model.Takes != null)
        {
            writer.Line($"{ArgumentNullException}.ThrowIfNull(" + Descriptor + ");");
        }

        writer.Line("var " + Line + $" = new {CommandLine}(" + CSharp.Quoted(model.Name) + ");");
        fields.ForEach(field => field.WriteTo(writer, Line));
        string descriptor = model.Takes != null ? ", " + Descriptor : "";
        writer.Line(
            !isTyped ? "return RunAsync(" + Line + ", " + IsOneOf(answers) + descriptor + ");"
            : answers.Count == 0 ? "return RunAsync(" + Line + ");"
            : $"return RunAsync<{type}>(" + Line + ", " + IsOneOf(answers) + ", " + IsOneOf(Streamed(model)) + ");");
        writer.Close();
    }

    private static string IsOneOf(List<string> types) =>
        types.Count == 0 ? "null" : "static answer => answer is " + string.Join(" or ", types);

    // The types of what a command emits, but for warnings and infos, which are answers of any command.
    private static List<string> Events(EquatableArray<EmittedModel> events)
    {
        var types = new List<string>();
        foreach (EmittedModel emitted in events)
        {
            string first = emitted.Event.Split('.')[0];
            if (emitted.Event == first || first is not ("warning" or "info"))
            {
                types.Add(TypeOf(emitted.Event));
            }
        }

        return types;
    }

    private static List<string> Streamed(CommandModel model)
    {
        var types = new List<string>();
        foreach (string streamed in model.Streams)
        {
            types.Add(TypeOf(streamed));
        }

        return types;
    }

    private static string TypeOf(string @event) =>
        @event == ClientCSharp.Raw ? UnknownEvent : InClient + TypeIdentifiers.Event(@event);
}
