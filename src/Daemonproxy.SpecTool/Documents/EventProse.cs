using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>Says in words what the fields of an event are, each once for all its cases.</summary>
internal static class EventProse
{
    public static List<string[]> Fields(EventTableModel @event, Documentation docs)
    {
        var names = new List<string>();
        var values = new Dictionary<string, List<string>>();
        var lifecycles = new Dictionary<string, LifecycleModel>();
        foreach (EventRowModel row in @event.Rows)
        {
            foreach (CellModel cell in row.Cells)
            {
                if (!values.TryGetValue(cell.Field, out List<string>? prose))
                {
                    names.Add(cell.Field);
                    values[cell.Field] = prose = [];
                }

                lifecycles[cell.Field] = cell.Lifecycle;
                if (!prose.Contains(Of(cell)))
                {
                    prose.Add(Of(cell));
                }
            }
        }

        return names.ConvertAll(name =>
        {
            string comment = Markdown.FromSpec(docs["event " + @event.Name + "/" + name]);
            string prose = string.Join(" or ", values[name]) + (comment.Length == 0 ? "" : ". " + comment);
            return new[] { name.ToUpperInvariant(), LifecycleText.Inline(prose, lifecycles[name]) };
        });
    }

    private static string Of(CellModel cell)
    {
        if (cell.Shape is CellShape.Dash or CellShape.List)
        {
            return cell.Shape == CellShape.Dash ? "`-`" : "any number of fields";
        }

        var elements = new List<string>();
        foreach (ElementModel element in cell.Elements)
        {
            elements.Add(element.Type == null ? Markdown.Code(element.Text) : Of(element.Text, element.Type));
        }

        return cell.Shape == CellShape.Sequence
            ? string.Join(", ", elements) + ", joined by commas"
            : string.Join(" or ", elements);
    }

    private static string Of(string text, WireType type) => type.Kind switch
    {
        ValueKind.Name => "a " + FieldProse.Link(type.Declaration),
        ValueKind.Integer => "a whole number",
        ValueKind.Seconds => "seconds",
        ValueKind.Instant => "a second of the clock",
        ValueKind.Signal => "the name of a signal",
        ValueKind.Pid => "a process ID",
        ValueKind.ExitCode => "an exit code",
        ValueKind.Enum => "a word of " + FieldProse.Link(type.Declaration),
        ValueKind.Set or ValueKind.ValuedSet => "words of " + FieldProse.Link(type.Declaration),
        _ => text == "rest" ? "the rest of the line, TABs included" : "text",
    };
}
