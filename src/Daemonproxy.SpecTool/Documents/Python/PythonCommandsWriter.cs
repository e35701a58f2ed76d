using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents.Python;

/// <summary>The module of the commands: a class with a method for each, which checks and writes the line.</summary>
internal sealed partial class PythonCommandsWriter
{
    private const string AsDescriptor = "descriptor=fileno(descriptor)";

    private readonly SpecModel _spec;
    private readonly PythonSource _source = new("The commands of the protocol, a method for each.");

    private PythonCommandsWriter(SpecModel spec) => _spec = spec;

    public static string Write(SpecModel spec)
    {
        var writer = new PythonCommandsWriter(spec);
        writer.WriteModule();
        return writer._source.ToString();
    }

    private void WriteModule()
    {
        _source.Import("typing", "Generic", "Literal", "TypeVar");
        _source.Import("..messages", "Command", "Line", "UnknownEvent");
        _source.Import(
            "..wire", "INTEGER", "SIGNAL", "TEXT", "Descriptor", "Number", "OneOf", "Prefixed", "deprecated", "fileno");
        _source.Import(".events", PythonEventsWriter.NamesOf(_spec));
        _source.Import(".values", PythonValuesWriter.NamesOf(_spec));
        _source.Line("R = TypeVar(\"R\", covariant=True)");
        _source.OpenTop("class Commands(Generic[R]):");
        _source.Docs(
            "Every command, as a method. It checks its arguments, and raises ValueError or TypeError for those that "
            + "the protocol forbids, before anything is sent.\n\nWhat becomes of the command is up to `run`: a client "
            + "sends it. `LINES` returns it, for tests and for other programs that write lines.");
        _source.Line();
        _source.Open("def run(self, command: Command) -> R:");
        _source.Line("\"\"\"Runs a command: what all methods come to.\"\"\"");
        _source.Line("raise NotImplementedError");
        _source.Close();
        foreach (CommandModel command in _spec.Commands)
        {
            WriteCommand(command);
        }

        _source.Close();
        _source.OpenTop("class CommandLines(Commands[Command]):");
        _source.Line("\"\"\"The commands themselves, which are not run.\"\"\"");
        _source.Line();
        _source.Open("def run(self, command: Command) -> Command:");
        _source.Line("return command");
        _source.Close();
        _source.Close();
        _source.Line();
        _source.Line();
        _source.Line("LINES = CommandLines()");
        _source.Line("\"\"\"`LINES.service_start(\"web\").line` is `b\"service.start\\tweb\\n\"`.\"\"\"");
    }

    private void WriteCommand(CommandModel command)
    {
        List<string> parameters = ["self"];
        if (command.Takes is not null)
        {
            parameters.Add("descriptor: Descriptor");
        }

        parameters.AddRange(command.Fields.Where(IsParameter).Select(Parameter));
        _source.Line();
        string header = "def " + PythonNames.Local(command.Name) + "(";
        _source.Listed(header, parameters, ") -> R:");
        _source.Indent();
        WriteDocs(command);
        WriteWarnings(command);
        WriteBody(command);
        _source.Close();
    }

    private static bool IsParameter(FieldModel field) => field.Type is not null || field.Prefixed.Count > 0
        || field.Mark != FieldMark.Required || field.Literals.Count > 1;

    private static string Parameter(FieldModel field)
    {
        string name = PythonNames.Local(field.Name);
        string type = PythonTypes.Given(field);
        return field.Mark switch
        {
            FieldMark.List or FieldMark.Rest => "*" + name + ": " + type,
            FieldMark.Optional => name + ": " + type + " | None = None",
            _ => name + ": " + type,
        };
    }

    private void WriteDocs(CommandModel command)
    {
        string key = "command " + command.Name;
        List<string> behind = ["`" + Wire.Usage(command) + "`"];
        foreach (FieldModel field in command.Fields.Where(IsParameter))
        {
            string about = _spec.Docs[key + "/" + field.Name];
            string[] parts =
            [
                .. about.Length > 0 ? (string[])[about.Replace('\n', ' ').TrimEnd('.')] : [],
                Plain(FieldProse.Of(field)),
                .. LifecycleProse.Lines(field.Lifecycle),
            ];
            behind.Add("- `" + PythonNames.Local(field.Name) + "`: " + string.Join(". ", parts) + ".");
        }

        if (command.Needs is { } right)
        {
            behind.Add("Needs the right `" + right + "`.");
        }

        if (command.Fails.Count > 0)
        {
            behind.Add("Raises " + string.Join(", ", command.Fails.Select(PythonNames.Error)) + ".");
        }

        _source.Docs(LifecycleProse.Behind(_spec.Docs[key], command.Lifecycle).Trim('\n'), [.. behind]);
    }

    private void WriteWarnings(CommandModel command)
    {
        if (command.Lifecycle.Deprecated is { } instead)
        {
            Warn("`" + command.Name + "`", instead);
        }

        foreach (FieldModel field in command.Fields.Where(field => field.Lifecycle.Deprecated is not null))
        {
            string name = PythonNames.Local(field.Name);
            bool isGiven = field.Mark == FieldMark.Required;
            if (!isGiven)
            {
                bool isList = field.Mark is FieldMark.List or FieldMark.Rest;
                _source.Open("if " + name + (isList ? ":" : " is not None:"));
            }

            Warn("`" + field.Name + "` of `" + command.Name + "`", field.Lifecycle.Deprecated!);
            if (!isGiven)
            {
                _source.Close();
            }
        }
    }

    private void Warn(string what, string instead) =>
        _source.Line("deprecated(" + PythonSource.Quoted(what) + ", " + PythonSource.Quoted(instead) + ")");

    private void WriteBody(CommandModel command)
    {
        _source.Open("return self.run(");
        _source.Line("Line(" + PythonSource.Quoted(command.Name) + (HasLimit() ? ", LIMIT_LINE)" : ")"));
        foreach (FieldModel field in command.Fields)
        {
            string name = PythonNames.Local(field.Name);
            string method = field.Mark switch
            {
                FieldMark.List or FieldMark.Rest => ".add_all(",
                FieldMark.Optional => ".add_optional(",
                _ => ".add(",
            };
            if (!IsParameter(field))
            {
                _source.Line(".add_word(" + PythonSource.Quoted(field.Literals[0]) + ")");
                continue;
            }

            string before = method + PythonSource.Quoted(name) + ", " + name + ", ";
            List<string> kinds = PythonTypes.KindsOf(field);
            if (field.Literals.Count + field.Prefixed.Count == 0)
            {
                _source.Line(before + kinds[0] + ")");
            }
            else
            {
                _source.Listed(before + "OneOf(", kinds, "))");
            }
        }

        List<string> answers =
        [
            .. command.Emits.Select(emitted => PythonEventsWriter.ClassOf(emitted.Event)).OfType<string>().Distinct(),
        ];
        answers.AddRange(command.Takes is not null ? [AsDescriptor] : []);
        _source.Listed(".command(", answers, ")");
        _source.Close(")");
    }

    private bool HasLimit() => _spec.Limits.Any(limit => limit.Name == "line");

    // Without the links and marks of Markdown.
    private static string Plain(string prose) => Link().Replace(prose, "$1").Replace("\\", "");

    [GeneratedRegex(@"\[([^\]]*)\]\(#[^)]*\)")]
    private static partial Regex Link();
}
