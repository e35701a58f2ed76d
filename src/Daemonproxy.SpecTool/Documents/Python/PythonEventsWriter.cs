using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents.Python;

/// <summary>The module of the events: a dataclass for each, or for each of its cases.</summary>
internal sealed class PythonEventsWriter
{
    // The answer to `echo` has no name: it is whatever was sent.
    private const string Raw = "raw";

    private readonly SpecModel _spec;
    private readonly PythonSource _source = new(
        "The events of the protocol: a dataclass for each, or for each of its cases, with a common base.");

    private PythonEventsWriter(SpecModel spec) => _spec = spec;

    public static string Write(SpecModel spec)
    {
        var writer = new PythonEventsWriter(spec);
        writer.WriteModule();
        return writer._source.ToString();
    }

    /// <summary>The class of what a command is answered with; null for a remark, which any command may have.</summary>
    public static string? ClassOf(string emitted)
    {
        string first = emitted.Split('.')[0];
        return emitted == Raw ? "UnknownEvent"
            : emitted != first && first is "warning" or "info" ? null
            : PythonNames.Event(emitted);
    }

    /// <summary>The names that other modules can import.</summary>
    public static string[] NamesOf(SpecModel spec) =>
    [
        .. spec.Manual.Events.SelectMany(@event => @event.Rows.Select(row => NameOf(@event, row))
            .Append(PythonNames.Event(@event.Name))),
    ];

    private void WriteModule()
    {
        _source.Import("dataclasses", "dataclass");
        _source.Import("typing", "ClassVar", "Dict", "Tuple", "Type");
        _source.Import("..messages", "Column", "Event", "Fixed", "Joined", "Message", "Rest");
        _source.Import("..wire", "INTEGER", "SIGNAL", "TEXT");
        _source.Import(".values", PythonValuesWriter.NamesOf(_spec));
        _source.Line("DASH = Fixed(\"-\")");
        _source.Line("\"\"\"Stands where a case has nothing.\"\"\"");
        EventTableModel[] events = [.. _spec.Manual.Events.Where(one => one.Name != Raw)];
        foreach (EventTableModel @event in events)
        {
            WriteEvent(@event);
        }

        _source.OpenTop("EVENTS: Dict[str, Tuple[Type[Event], ...]] = {");
        foreach (EventTableModel @event in events)
        {
            List<string> cases = [.. @event.Rows.Select(row => NameOf(@event, row))];
            _source.Listed(
                PythonSource.Quoted(@event.Name) + ": (", cases, cases.Count == 1 ? ",)," : "),");
        }

        _source.Close("}");
        _source.Docs("The classes of each event, in the order in which they are tried.");
    }

    private static string NameOf(EventTableModel @event, EventRowModel row) =>
        PythonNames.Event(row.Case is null ? @event.Name : @event.Name + "." + row.Case);

    private void WriteEvent(EventTableModel @event)
    {
        string docs = _spec.Docs["event " + @event.Name];
        bool isTable = @event.Rows.Any(row => row.Case is not null);
        List<(string Name, string Type)> shared = [];
        if (isTable)
        {
            shared = [.. FieldsOf(@event.Rows[0]).Where(
                field => @event.Rows.All(row => FieldsOf(row).Contains(field)))];
            Open(PythonNames.Event(@event.Name), "Event");
            _source.Docs(LifecycleProse.Behind(docs, @event.Lifecycle));
            _source.Line();
            _source.Line("NAME = " + PythonSource.Quoted(@event.Name));
            WriteFields(@event, shared);
            _source.Close();
        }

        foreach (EventRowModel row in @event.Rows)
        {
            Open(NameOf(@event, row), isTable ? PythonNames.Event(@event.Name) : "Event");
            string usage = "`" + Wire.Usage(@event.Name, row) + "`";
            if (isTable)
            {
                _source.Docs("", usage);
            }
            else
            {
                _source.Docs(LifecycleProse.Behind(docs, @event.Lifecycle), usage);
                _source.Line();
                _source.Line("NAME = " + PythonSource.Quoted(@event.Name));
            }

            WriteFields(@event, [.. FieldsOf(row).Where(field => !shared.Contains(field))]);
            _source.Line();
            List<string> columns = ColumnsOf(@event, row);
            _source.Listed("COLUMNS: ClassVar[Tuple[Column, ...]] = (", columns, columns.Count == 1 ? ",)" : ")");
            _source.Close();
        }
    }

    private void Open(string name, string @base)
    {
        _source.Line();
        _source.Line();
        _source.Line("@dataclass(frozen=True)");
        _source.Open("class " + name + "(" + @base + "):");
    }

    private void WriteFields(EventTableModel @event, List<(string Name, string Type)> fields)
    {
        if (fields.Count > 0)
        {
            _source.Line();
        }

        foreach ((string name, string type) in fields)
        {
            _source.Line(name + ": " + type);
            CellModel? cell = @event.Rows.SelectMany(row => row.Cells).FirstOrDefault(
                one => PythonNames.Local(one.Field) == name);
            if (cell is not null)
            {
                string docs = _spec.Docs["event " + @event.Name + "/" + cell.Field];
                _source.Docs(LifecycleProse.Behind(docs, cell.Lifecycle).Trim('\n'));
            }
        }
    }

    // The values of a line, in order.
    private static List<(string Name, string Type)> FieldsOf(EventRowModel row)
    {
        List<(string Name, string Type)> fields = [];
        foreach (CellModel cell in row.Cells)
        {
            string name = PythonNames.Local(cell.Field);
            if (cell.Shape == CellShape.List)
            {
                fields.Add((name, "Tuple[str, ...]"));
                continue;
            }

            int count = 0;
            foreach (ElementModel element in cell.Elements)
            {
                if (element.Type is { } type)
                {
                    count++;
                    string optional = cell.Shape == CellShape.OneOf && cell.Elements.Count > 1 ? " | None" : "";
                    fields.Add((
                        Numbered(name, count),
                        element.Text == "rest" ? "Tuple[str, ...]" : PythonTypes.OfEvent(type) + optional));
                }
            }
        }

        return fields;
    }

    private static string Numbered(string name, int count) => count == 1 ? name : name + PythonTypes.Text(count);

    private static List<string> ColumnsOf(EventTableModel @event, EventRowModel row) =>
        [.. row.Cells.Select(cell => ColumnOf(cell, IsMessage(@event, row)))];

    private static string ColumnOf(CellModel cell, bool isMessage)
    {
        string name = PythonSource.Quoted(PythonNames.Local(cell.Field));
        switch (cell.Shape)
        {
            case CellShape.Dash:
                return "DASH";
            case CellShape.List:
                return "Rest(" + name + ")";
            case CellShape.Sequence:
                int count = 0;
                return "Joined(" + string.Join(", ", cell.Elements.Select(element => element.Type is { } type
                    ? Value(Numbered(PythonNames.Local(cell.Field), ++count), type)
                    : PythonSource.Quoted(element.Text))) + ")";
            default:
                ElementModel first = cell.Elements[0];
                return first.Type is not { } only ? "Fixed(" + PythonSource.Quoted(first.Text) + ")"
                    : first.Text == "rest" ? "Rest(" + name + ")"
                    : isMessage ? "Message(" + name + ")"
                    : cell.Elements.Count == 1 ? Value(PythonNames.Local(cell.Field), only)
                    : "Column(" + name + ", " + PythonTypes.KindOf(only) + ", "
                        + PythonSource.Quoted(cell.Elements[1].Text) + ")";
        }
    }

    private static string Value(string field, WireType type) =>
        "Column(" + PythonSource.Quoted(field) + ", " + PythonTypes.KindOf(type) + ")";

    // Nothing but a text for people, which may have TABs in it.
    private static bool IsMessage(EventTableModel @event, EventRowModel row) =>
        @event.Rows.Count == 1 && row.Case is null && row.Cells.Count == 1
        && row.Cells[0] is { Shape: CellShape.OneOf, Elements: [{ Type.Kind: ValueKind.Text, Text: not "rest" }] };
}
