using System.Collections.Generic;
using System.Text;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing;

/// <summary>The texts of documents for fields on the wire.</summary>
internal static class Wire
{
    /// <summary><c>service.start NAME [WHEN]</c>, as a manual writes it.</summary>
    public static string Usage(CommandModel command)
    {
        var usage = new StringBuilder(command.Name);
        foreach (FieldModel field in command.Fields)
        {
            usage.Append(' ').Append(Usage(field));
        }

        return usage.ToString();
    }

    /// <summary><c>service.state NAME up SINCE</c>: capitals are values.</summary>
    public static string Usage(string @event, EventRowModel row)
    {
        var usage = new StringBuilder(@event == "raw" ? "TEXT" : @event);
        foreach (CellModel cell in row.Cells)
        {
            usage.Append(' ').Append(Usage(cell));
        }

        return usage.ToString();
    }

    /// <summary>The heading of a section.</summary>
    public static string Title(SectionModel section) => section.Name.Length == 0
        ? "Commands"
        : char.ToUpperInvariant(section.Name[0]) + section.Name.Substring(1);

    /// <summary>The text of an error, a warning or an info, with placeholders in capitals.</summary>
    public static string Text(EquatableArray<MessagePiece> pieces)
    {
        var text = new StringBuilder();
        foreach (MessagePiece piece in pieces)
        {
            text.Append(piece.Placeholder?.ToUpperInvariant() ?? piece.Literal);
        }

        return text.ToString();
    }

    /// <summary>The errors a field answers with, in the order in which they are looked for, each once.</summary>
    public static List<string> Errors(FieldErrors errors)
    {
        var names = new List<string>();
        foreach (ErrorReference? error in new[]
        {
            errors.Missing, errors.Empty, errors.Malformed, errors.Range, errors.Unknown, errors.Constant, errors.Full,
        })
        {
            if (error != null && !names.Contains(error.Name))
            {
                names.Add(error.Name);
            }
        }

        return names;
    }

    private static string Usage(FieldModel field)
    {
        bool isOfWords = field.Type == null && field.Mark != FieldMark.Rest && !field.Literals.Contains("");
        string name = isOfWords
            ? string.Join("|", field.Literals)
            : field.Name.ToUpperInvariant();
        return field.Mark switch
        {
            FieldMark.Optional => "[" + name + "]",
            FieldMark.List or FieldMark.Rest => "[" + name + "...]",
            _ => name,
        };
    }

    private static string Usage(CellModel cell)
    {
        string value = cell.Field.ToUpperInvariant();
        switch (cell.Shape)
        {
            case CellShape.Dash:
                return "-";
            case CellShape.List:
                return "[" + value + "...]";
            case CellShape.Sequence:
                var parts = new List<string>();
                foreach (ElementModel element in cell.Elements)
                {
                    parts.Add(element.Type == null ? element.Text : value);
                }

                return string.Join(",", parts);
            default:
                ElementModel only = cell.Elements[0];
                return only.Type == null ? only.Text : only.Text == "rest" ? "[" + value + "...]" : value;
        }
    }
}
