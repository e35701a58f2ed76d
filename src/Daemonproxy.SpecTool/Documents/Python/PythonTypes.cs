using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.SpecTool.Documents.Python;

/// <summary>
/// The types of values in Python: the annotation for people and checkers, and the kind that writes and reads them.
/// </summary>
internal static class PythonTypes
{
    /// <summary>The annotation of a value in an event.</summary>
    public static string OfEvent(WireType type) => type.Kind switch
    {
        ValueKind.Integer or ValueKind.Seconds or ValueKind.Instant or ValueKind.Pid or ValueKind.ExitCode => "int",
        ValueKind.Enum => PythonNames.Enum(type.Declaration),
        ValueKind.Set or ValueKind.ValuedSet => PythonNames.Set(type.Declaration),
        _ => "str",
    };

    /// <summary>The kind of a value in an event.</summary>
    public static string KindOf(WireType type) => type.Kind switch
    {
        ValueKind.Integer or ValueKind.Seconds or ValueKind.Instant or ValueKind.Pid or ValueKind.ExitCode => "INTEGER",
        ValueKind.Enum or ValueKind.Set or ValueKind.ValuedSet or ValueKind.Name =>
            PythonNames.Constant(type.Declaration),
        ValueKind.Signal => "SIGNAL",
        _ => "TEXT",
    };

    /// <summary>The annotation of one value of a field of a command, without the None of one left out.</summary>
    public static string Given(FieldModel field)
    {
        var types = new List<string>();
        foreach (ArgumentModel type in field.Types)
        {
            types.AddRange(type.Kind switch
            {
                _ when type != field.Type => ["str"],
                ValueKind.Signal => ["str", "int"],
                ValueKind.Set or ValueKind.ValuedSet => [OfEvent(type.Value), "str"],
                _ => (string[])[OfEvent(type.Value)],
            });
        }

        if (field.Mark == FieldMark.Rest)
        {
            types.Add("str");
        }

        if (field.Literals.Count > 0 && !types.Contains("str"))
        {
            types.Insert(0, "Literal[" + string.Join(", ", field.Literals.Select(PythonSource.Quoted)) + "]");
        }

        return string.Join(" | ", types.Distinct());
    }

    /// <summary>The kinds and words that one value of a field of a command can be of; one alone is its kind.</summary>
    public static List<string> KindsOf(FieldModel field)
    {
        if (field.Mark == FieldMark.Rest)
        {
            return ["TEXT"];
        }

        var options = field.Literals.Select(PythonSource.Quoted).ToList();
        options.AddRange(field.Prefixed.Select(
            one => "Prefixed(" + PythonSource.Quoted(one.Prefix) + ", " + KindOf(one.Type) + ")"));
        if (field.Type is { } type)
        {
            options.Add(KindOf(type));
        }

        return options;
    }

    /// <summary>A number as Python writes it.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string KindOf(ArgumentModel type)
    {
        string kind = KindOf(type.Value);
        if (kind != "INTEGER" || !type.HasRange)
        {
            return kind;
        }

        var bounds = new List<string>();
        if (type.Least is { } least)
        {
            bounds.Add(Text(least));
        }

        if (type.Most is { } most)
        {
            bounds.Add((bounds.Count == 0 ? "most=" : "") + Text(most));
        }

        return "Number(" + string.Join(", ", bounds) + ")";
    }
}
