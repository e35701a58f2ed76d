using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>One method for each command, and the types of its arguments that are not of one kind.</summary>
internal static class ClientCommandWriter
{
    private const string Line = "line";
    private const string Descriptor = "descriptor";
    private const string Receiver = "daemon";

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
        LifecycleProse.AllowObsolete(
            writer, names.HasGeneratedRuntime, "An answer may be deprecated before its command is.");
        foreach (ClientField field in fields)
        {
            if (field.IsChoice)
            {
                ClientChoiceWriter.Write(writer, model.Name, field);
                writer.Gap();
            }
        }

        writer.Open(names.HasGeneratedRuntime
            ? "public sealed partial class " + names.Connection
            : "public static partial class DaemonCommands");
        if (names.HasGeneratedRuntime && model.Takes != null)
        {
            writer.Line("// `" + model.Name + "` takes a descriptor, which a stream cannot carry.");
        }
        else
        {
            var method = new Method(model, documented.Docs[key], fields, names.HasGeneratedRuntime);
            if (method.List != null)
            {
                method.WriteShort(writer);
                writer.Gap();
            }

            method.Write(writer);
        }

        writer.Close();
        return GeneratedFile.From(name + "Command", writer);
    }

    // The method of one command. A list can be its last argument only without a token: then there are two of them.
    private sealed class Method(CommandModel model, string docs, List<ClientField> fields, bool isTyped)
    {
        private const string Token = "cancellation";

        private readonly List<ClientField> _given = fields.FindAll(field => field.IsParameter);
        private readonly List<string> _answers = Events(model.Emits);

        /// <summary>The field that is a list.</summary>
        public ClientField? List => _given.Find(one => one.IsList);

        private string Name
        {
            get
            {
                string name = Identifiers.Pascal(model.Name);
                return TakenNames.Connection.Contains(name) ? name + "Async_" : name + "Async";
            }
        }

        private string Type => _answers.Count == 1 ? _answers[0] : DaemonEvent;

        private string Result => !isTyped ? $"{Task}<{CommandResult}>"
            : _answers.Count == 0 ? Task
            : $"{Task}<{CommandResult}<{Type}>>";

        private string Modifiers => isTyped ? "public " : "public static ";

        /// <summary>The method whose last argument is a list, without a token.</summary>
        public void WriteShort(SourceWriter writer)
        {
            WriteDocs(writer, hasToken: false);
            writer.Line(GeneratedCode);
            List<string> parameters = Before();
            parameters.AddRange(_given.ConvertAll(field => field.Declaration));
            writer.Call(Modifiers + Result + " " + Name + "(", parameters, ") =>");
            List<string> arguments = model.Takes != null ? [Descriptor] : [];
            arguments.AddRange(_given.ConvertAll(field => field.Local));
            writer.Line("    " + (isTyped ? "" : Receiver + ".") + Name + "(" + string.Join(", ", arguments)
                + ", default(" + CancellationToken + "));");
        }

        /// <summary>The method with a token, which does everything.</summary>
        public void Write(SourceWriter writer)
        {
            WriteDocs(writer, hasToken: true);
            bool isAllOptional = List == null;
            List<string> parameters = Before();
            parameters.AddRange(_given.ConvertAll(field => isAllOptional ? field.Declaration : field.Plain));
            parameters.Add(CancellationToken + " " + Token + (isAllOptional ? " = default" : ""));
            writer.Line(GeneratedCode);
            writer.OpenCall(Modifiers + Result + " " + Name + "(", parameters, ")");
            if (!isTyped)
            {
                writer.Line($"{ArgumentNullException}.ThrowIfNull({Receiver});");
            }

            if (model.Takes != null)
            {
                writer.Line($"{ArgumentNullException}.ThrowIfNull({Descriptor});");
            }

            writer.Line("var " + Line + $" = new {CommandLine}(" + CSharp.Quoted(model.Name) + ");");
            fields.ForEach(field => field.WriteTo(writer, Line));
            string descriptor = model.Takes != null ? ", " + Descriptor : "";
            string wait = ".WaitAsync(" + Token + ");";
            writer.Line(
                !isTyped
                ? $"return {Receiver}.RunAsync(new {DaemonCommand}({Line}, {IsOneOf(_answers)}{descriptor}), {Token});"
                : _answers.Count == 0 ? "return RunAsync(" + Line + ")" + wait
                : $"return RunAsync<{Type}>({Line}, {IsOneOf(_answers)}, {IsOneOf(Streamed(model))})" + wait);
            writer.Close();
        }

        private List<string> Before()
        {
            List<string> parameters = isTyped ? [] : ["this " + Daemon + " " + Receiver];
            if (model.Takes != null)
            {
                parameters.Add($"{SafeHandle} " + Descriptor);
            }

            return parameters;
        }

        private void WriteDocs(SourceWriter writer, bool hasToken)
        {
            writer.Summary("`" + model.Name + "`: " + docs);
            if (!isTyped)
            {
                writer.Line("/// <param name=\"" + Receiver + "\">The daemon that runs it.</param>");
            }

            if (model.Takes != null)
            {
                writer.Line("/// <param name=\"" + Descriptor
                    + "\">The descriptor to be sent along; it stays open here.</param>");
            }

            foreach (ClientField field in _given)
            {
                writer.Line("/// <param name=\"" + field.Local.TrimStart('@') + "\">" + field.Docs + "</param>");
            }

            if (hasToken)
            {
                writer.Line("/// <param name=\"" + Token + "\">Ends the wait for the answer. "
                    + "A command that was sent is run all the same.</param>");
            }

            writer.Line($"/// <returns>The answer of the {Peer}, once the command is done.</returns>");
            if (model.Fails.Count > 0 || model.Extra != null)
            {
                string fails = string.Join("`, `", model.Fails);
                string also = fails.Length > 0 ? ": `" + fails + "`, or one of its arguments." : ".";
                writer.Line(
                    $"/// <exception cref=\"{CommandFailedException}\">{Xml.FromSpec("It failed" + also)}</exception>");
            }

            var remarks = new List<string>();
            if (model.Needs != null)
            {
                remarks.Add("Needs the right `" + model.Needs + "`.");
            }

            if (model.Lifecycle.Since != null)
            {
                remarks.Add(LifecycleProse.Since(model.Lifecycle));
            }

            if (remarks.Count > 0)
            {
                writer.Remarks(string.Join(" ", remarks));
            }

            LifecycleProse.WriteObsolete(writer, model.Lifecycle);
        }
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
