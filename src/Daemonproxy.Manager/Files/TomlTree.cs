using System;
using System.Collections.Generic;
using System.Linq;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Daemonproxy.Manager.Files;

/// <summary>A place in a file: line and column from 1, and the length in characters.</summary>
internal readonly record struct Place(int Line, int Column, int Length);

/// <summary>A value of a TOML file that knows its place.</summary>
internal abstract record TomlNode(Place Place);

/// <summary>A text.</summary>
internal sealed record TomlText(Place Place, string Value) : TomlNode(Place);

/// <summary>A whole number.</summary>
internal sealed record TomlNumber(Place Place, long Value) : TomlNode(Place);

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed record TomlFlag(Place Place, bool Value) : TomlNode(Place);

/// <summary>A value of a kind that no setting has: a fraction or a date.</summary>
internal sealed record TomlOther(Place Place) : TomlNode(Place);

/// <summary>An array.</summary>
internal sealed record TomlList(Place Place, List<TomlNode> Items) : TomlNode(Place);

/// <summary>
/// A table, written in whichever way. The keys are in the order of the file, each with its own place.
/// </summary>
internal sealed record TomlTable(Place Place) : TomlNode(Place)
{
    public Dictionary<string, (Place Key, TomlNode Value)> Entries { get; } = new(StringComparer.Ordinal);
}

/// <summary>Reads the text of a TOML file into a tree of values with places.</summary>
internal static class TomlTree
{
    /// <summary>
    /// The root of a file. Mistakes are added to the problems; the tree has the rest.
    /// </summary>
    public static TomlTable Read(string file, string text, List<Problem> problems)
    {
        DocumentSyntax document = SyntaxParser.Parse(text, file, true);
        foreach (DiagnosticMessage message in document.Diagnostics)
        {
            Place place = PlaceOf(message.Span);
            problems.Add(new Problem(file, place.Line, place.Column, place.Length, Sentence(message.Message)));
        }

        var root = new TomlTable(default);
        Put(root, document.KeyValues, file, problems);
        foreach (TableSyntaxBase table in document.Tables)
        {
            if (table.Name is { } name && Descend(root, name, all: true) is { } target)
            {
                Put(target, table.Items, file, problems);
            }
        }

        return root;
    }

    private static void Put(
        TomlTable table, SyntaxList<KeyValueSyntax> entries, string file, List<Problem> problems)
    {
        foreach (KeyValueSyntax entry in entries)
        {
            Put(table, entry, file, problems);
        }
    }

    private static void Put(TomlTable table, KeyValueSyntax entry, string file, List<Problem> problems)
    {
        if (
            entry.Key is not { } key || entry.Value is not { } value || Descend(
                table, key, all: false) is not { } target)
        {
            return;
        }

        (string last, Place place) = Parts(key)[^1];
        if (!target.Entries.TryAdd(last, (place, Value(value, file, problems)))
            && !problems.Exists(problem => problem.Line == place.Line))
        {
            problems.Add(new Problem(
                file, place.Line, place.Column, place.Length, $"'{last}' is there already"));
        }
    }

    private static TomlNode Value(ValueSyntax value, string file, List<Problem> problems)
    {
        Place place = PlaceOf(value.Span);
        switch (value)
        {
            case StringValueSyntax text:
                return new TomlText(place, text.Value ?? "");
            case IntegerValueSyntax number:
                return new TomlNumber(place, number.Value);
            case BooleanValueSyntax flag:
                return new TomlFlag(place, flag.Value);
            case ArraySyntax array:
                return new TomlList(
                    place,
                    [.. array.Items.Select(item => item.Value).OfType<ValueSyntax>().Select(
                        one => Value(one, file, problems))]);
            case InlineTableSyntax inline:
                var table = new TomlTable(place);
                foreach (InlineTableItemSyntax item in inline.Items)
                {
                    if (item.KeyValue is { } entry)
                    {
                        Put(table, entry, file, problems);
                    }
                }

                return table;
            default:
                return new TomlOther(place);
        }
    }

    // The table of a dotted key, or of all its parts except the last. Null if another kind of value is there.
    private static TomlTable? Descend(TomlTable table, KeySyntax key, bool all)
    {
        List<(string Name, Place Place)> parts = Parts(key);
        foreach ((string name, Place place) in all ? parts : parts[..^1])
        {
            if (!table.Entries.TryGetValue(name, out (Place Key, TomlNode Value) entry))
            {
                entry = (place, new TomlTable(place));
                table.Entries.Add(name, entry);
            }

            if (entry.Value is not TomlTable next)
            {
                return null;
            }

            table = next;
        }

        return table;
    }

    private static List<(string Name, Place Place)> Parts(KeySyntax key) =>
    [
        Part(key.Key),
        .. key.DotKeys.Select(static dotted => Part(dotted.Key)),
    ];

    private static (string Name, Place Place) Part(BareKeyOrStringValueSyntax? key) => key switch
    {
        BareKeySyntax bare => (bare.Key?.Text ?? "", PlaceOf(bare.Span)),
        StringValueSyntax text => (text.Value ?? "", PlaceOf(text.Span)),
        _ => ("", default),
    };

    private static Place PlaceOf(SourceSpan span) => new(
        span.Start.Line + 1,
        span.Start.Column + 1,
        span.Start.Line == span.End.Line ? span.End.Column - span.Start.Column + 1 : 1);

    // Without the tokens of the parser and the text of other lines.
    private static string Sentence(string message)
    {
        int cut = message.IndexOf(" with `", StringComparison.Ordinal);
        message = (cut > 0 ? message[..cut] : message).TrimEnd('.');
        int token;
        while ((token = message.IndexOf(" (token: `", StringComparison.Ordinal)) >= 0
            && message.IndexOf(')', token) is > 0 and var end)
        {
            message = message.Remove(token, end - token + 1);
        }

        message = message.Replace("`<eof>`", "the end of the file", StringComparison.Ordinal)
            .Replace("`\u2424`", "the end of the line", StringComparison.Ordinal)
            .Replace("Unexpected token found", "found", StringComparison.Ordinal);
        return message.Length > 1 && char.IsUpper(message[0]) && char.IsLower(message[1])
            ? char.ToLowerInvariant(message[0]) + message[1..]
            : message;
    }
}
