using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>
/// docs/protocol.json: the protocol for programs, such as generators of clients in other languages.
/// docs/protocol.schema.json describes its form. What is empty or false is left out.
/// </summary>
internal sealed partial class ProtocolJsonWriter
{
    private readonly SpecModel _spec;
    private readonly Json _json = new();

    private ProtocolJsonWriter(SpecModel spec) => _spec = spec;

    public static string Write(SpecModel spec)
    {
        var writer = new ProtocolJsonWriter(spec);
        writer._json.Open(null);
        writer._json.Text("$schema", "protocol.schema.json");
        writer._json.Text("protocol", spec.Manual.Protocol);
        writer._json.Number("version", spec.Manual.Version);
        writer._json.TextIfAny("documentation", spec.Docs["protocol " + spec.Manual.Protocol]);
        writer.WriteLimits();
        writer.WriteTypes();
        writer.WriteMessages();
        writer.WriteLogs();
        writer.WriteCommands();
        writer.WriteEvents();
        writer.WriteOptions();
        writer._json.Close();
        return writer._json.ToString();
    }

    private void WriteLimits()
    {
        _json.Open("limits", '[');
        foreach (LimitModel limit in _spec.Limits)
        {
            Begin("limit", limit.Name);
            _json.Number("value", limit.Value);
            _json.Close();
        }

        _json.Close(']');
    }

    private void WriteTypes()
    {
        _json.Open("types", '[');
        foreach (DeclaredTypeModel type in _spec.Manual.Types)
        {
            Begin("type", type.Name);
            _json.Text("base", type.Base);
            Bounds(type.Least, type.Most);
            _json.Close();
        }

        _json.Close(']');
        _json.Open("enums", '[');
        foreach (EnumModel @enum in _spec.Enums)
        {
            Begin("enum", @enum.Name);
            _json.Open("words", '[');
            foreach (string word in @enum.Words)
            {
                Begin("enum " + @enum.Name + "/", word);
                WriteLifecycle(@enum.LifecycleOf(word));
                _json.Close();
            }

            _json.Close(']');
            _json.Close();
        }

        _json.Close(']');
        _json.Open("sets", '[');
        foreach (SetModel set in _spec.Sets)
        {
            Begin("set", set.Name);
            _json.Open("words", '[');
            foreach (SetWordModel word in set.Words)
            {
                WriteSetWord(set, word);
            }

            _json.Close(']');
            _json.Close();
        }

        _json.Close(']');
    }

    private void WriteSetWord(SetModel set, SetWordModel word)
    {
        Begin("set " + set.Name + "/", word.Name);
        _json.TextsIfAny("implies", word.Implies);
        _json.TextsIfAny("clears", word.Clears);
        _json.TrueIf("abbreviation", word.IsAbbreviation);
        if (word.Value is { } value)
        {
            _json.Open("value", inOneLine: true);
            if (value.Kind != SetValueKind.Integer)
            {
                _json.Text("type", value.Kind == SetValueKind.Octal ? "octal" : "text");
            }

            Bounds(value.Least, value.Most);
            if (value.Default is { } number)
            {
                _json.Number("default", number);
            }

            _json.Text("error", value.Error.Name);
            _json.Close();
        }

        WriteLifecycle(word.Lifecycle);
        _json.Close();
    }

    private void WriteMessages()
    {
        _json.Open("errors", '[');
        foreach (ErrorModel error in _spec.Errors)
        {
            WriteMessage("error", error.Name, error.Pieces);
        }

        _json.Close(']');
        foreach (string keyword in new[] { "warning", "info" })
        {
            _json.Open(keyword + "s", '[');
            foreach (NoticeModel notice in _spec.Notices)
            {
                if (notice.Event == keyword)
                {
                    WriteMessage(keyword, notice.Name, notice.Pieces);
                }
            }

            _json.Close(']');
        }
    }

    // The text in pieces, so that a program can tell the values from what stands around them.
    private void WriteMessage(string keyword, string name, EquatableArray<MessagePiece> pieces, string level = "")
    {
        Begin(keyword, name);
        _json.TextIfAny("level", level);
        _json.Open("text", '[', inOneLine: true);
        foreach (MessagePiece piece in pieces)
        {
            _json.Open(null);
            if (piece.Type == null)
            {
                _json.Text("literal", piece.Literal);
            }
            else
            {
                _json.Text("placeholder", piece.Placeholder!);
                WriteType(piece.Type);
            }

            _json.Close();
        }

        _json.Close(']');
        _json.Close();
    }

    private void WriteLogs()
    {
        _json.Open("logs", '[');
        foreach (LogModel log in _spec.Logs)
        {
            WriteMessage("log", log.Name, log.Pieces, log.Level);
        }

        _json.Close(']');
    }

    private void WriteCommands()
    {
        _json.Open("commands", '[');
        foreach (SectionModel section in _spec.Manual.Sections)
        {
            foreach (CommandModel command in _spec.Commands)
            {
                if (section.Commands.Contains(command.Name))
                {
                    WriteCommand(section.Name, command);
                }
            }
        }

        _json.Close(']');
    }

    private void WriteCommand(string section, CommandModel command)
    {
        Begin("command", command.Name);
        _json.TextIfAny("section", section);
        _json.TextIfAny("needs", command.Needs ?? "");
        _json.Open("fields", '[');
        foreach (FieldModel field in command.Fields)
        {
            WriteField("command " + command.Name, field);
        }

        _json.Close(']');
        _json.TextIfAny("extra", command.Extra ?? "");
        _json.TextIfAny("takesDescriptor", command.Takes ?? "");
        _json.TextsIfAny("fails", command.Fails);
        if (command.Emits.Count > 0)
        {
            _json.Open("emits", '[', inOneLine: true);
            foreach (EmittedModel emitted in command.Emits)
            {
                _json.Open(null);
                _json.Text("event", emitted.Event);
                _json.Number("most", emitted.Times);
                _json.Close();
            }

            _json.Close(']');
        }

        _json.TextsIfAny("streams", command.Streams);
        WriteLifecycle(command.Lifecycle);
        _json.Close();
    }

    private void WriteLifecycle(LifecycleModel lifecycle)
    {
        if (lifecycle.Since is { } since)
        {
            _json.Number("since", since);
        }

        _json.TextIfAny("deprecated", lifecycle.Deprecated ?? "");
    }

    private void WriteEvents()
    {
        _json.Open("events", '[');
        foreach (EventTableModel @event in _spec.Manual.Events)
        {
            Begin("event", @event.Name);
            _json.Open("lines", '[');
            foreach (EventRowModel row in @event.Rows)
            {
                _json.Open(null);
                _json.TextIfAny("case", row.Case ?? "");
                _json.Open("fields", '[');
                foreach (CellModel cell in row.Cells)
                {
                    WriteCell(@event.Name, cell);
                }

                _json.Close(']');
                _json.Close();
            }

            _json.Close(']');
            WriteLifecycle(@event.Lifecycle);
            _json.Close();
        }

        _json.Close(']');
    }

    private void WriteCell(string @event, CellModel cell)
    {
        Begin("event " + @event + "/", cell.Field);
        _json.Text("shape", cell.Shape switch
        {
            CellShape.OneOf => "one-of",
            _ => cell.Shape.ToString().ToLowerInvariant(),
        });
        if (cell.Elements.Count > 0)
        {
            _json.Open("elements", '[', inOneLine: true);
            foreach (ElementModel element in cell.Elements)
            {
                _json.Open(null);
                if (element.Type == null)
                {
                    _json.Text("literal", element.Text);
                }
                else
                {
                    WriteType(element.Type);
                    _json.TrueIf("rest", element.Text == "rest");
                }

                _json.Close();
            }

            _json.Close(']');
        }

        WriteLifecycle(cell.Lifecycle);
        _json.Close();
    }

    private void WriteOptions()
    {
        _json.Open("options", '[');
        foreach (OptionModel option in _spec.Options)
        {
            Begin("option", option.Name);
            _json.TextIfAny("letter", option.Short?.ToString() ?? "");
            _json.TrueIf("repeats", option.Repeats);
            _json.TextIfAny("value", option.Shown);
            WriteDefault(option.Field);
            WriteLifecycle(option.Lifecycle);
            _json.Close();
        }

        _json.Close(']');
    }

    private void Begin(string key, string name)
    {
        _json.Open(null);
        _json.Text("name", name);
        string full = key.EndsWith('/') ? key + name : key + " " + name;
        _json.TextIfAny("documentation", _spec.Docs[full]);
    }

    // A declared type and what it stands upon.
    private void WriteType(WireType type)
    {
        _json.Text("type", type.Kind switch
        {
            ValueKind.ExitCode => "exit-code",
            ValueKind.ValuedSet => "set",
            _ => type.Kind.ToString().ToLowerInvariant(),
        });
        _json.TextIfAny("of", type.Declaration);
    }

    private void Bounds(long? least, long? most)
    {
        if (least is { } from)
        {
            _json.Number("least", from);
        }

        if (most is { } to)
        {
            _json.Number("most", to);
        }
    }
}
