using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Manager.Files;

/// <summary>
/// Reads the entries of a table one by one, and reports mistakes. An entry that is not read by the end is an unknown
/// key.
/// </summary>
internal sealed class TableReader(string file, TomlTable table, List<Problem> problems)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly List<TableReader> _inner = [];

    /// <summary>The keys of the table, in the order of the file.</summary>
    public IEnumerable<string> Keys => table.Entries.Keys;

    /// <summary>The place of the table.</summary>
    public Place Place => table.Place;

    /// <summary>The place of a text in the value of a key; that of the key if the value does not contain it.</summary>
    public Place PlaceOf(string key, string text)
    {
        TomlNode? node = table.Entries.TryGetValue(key, out (Place Key, TomlNode Value) entry) ? entry.Value : null;
        return TextsIn(node).FirstOrDefault(one => one.Value == text)?.Place ?? PlaceOf(key);
    }

    private static IEnumerable<TomlText> TextsIn(TomlNode? node) => node switch
    {
        TomlText text => [text],
        TomlList list => list.Items.SelectMany(TextsIn),
        TomlTable inner => inner.Entries.Values.SelectMany(static entry => TextsIn(entry.Value)),
        _ => [],
    };

    /// <summary>The keys that were read, in this table and in nested ones.</summary>
    public IEnumerable<string> Asked => _asked.Concat(_inner.SelectMany(static inner => inner.Asked));

    /// <summary>The place of a key; that of the table if there is no such key.</summary>
    public Place PlaceOf(string key) =>
        table.Entries.TryGetValue(key, out (Place Key, TomlNode Value) entry) ? entry.Key : table.Place;

    /// <summary>Returns true if the table has a key.</summary>
    public bool Has(string key) => table.Entries.ContainsKey(key);

    /// <summary>The value of a key; null if absent.</summary>
    public TomlNode? Take(string key)
    {
        _asked.Add(key);
        return table.Entries.TryGetValue(key, out (Place Key, TomlNode Value) entry) ? entry.Value : null;
    }

    /// <summary>A text; null if the key is absent or its value is wrong.</summary>
    public string? Text(string key) => Take(key) switch
    {
        null => null,
        TomlText text => Field(text),
        TomlNode other => Refuse<string>(other, $"'{key}' must be a text"),
    };

    /// <summary>One text or an array of texts; empty if the key is absent.</summary>
    public ImmutableArray<string> Texts(string key) => Take(key) switch
    {
        null => [],
        TomlText text => Field(text) is { } field ? [field] : [],
        TomlList list => Fields(list, key),
        TomlNode other => Refuse<object>(other, $"'{key}' must be an array of texts") is null ? [] : [],
    };

    /// <summary>A program and its arguments: an array of texts that is not empty.</summary>
    public TextList Command(string key) => Take(key) is { } node ? CommandOf(node, key) : default;

    /// <summary>One command: an array of texts, or a table with <c>command</c> and <c>user</c>.</summary>
    public CommandDefinition? OneCommand(string key) => Take(key) is { } node ? DefinitionOf(node, key) : null;

    /// <summary>Several commands: an array of them, or one for one command.</summary>
    public ImmutableArray<CommandDefinition> Commands(string key) => Take(key) switch
    {
        null => [],
        TomlList list when list.Items.Count > 0 && list.Items.All(static item => item is TomlList or TomlTable) =>
            [.. list.Items.Select(item => DefinitionOf(item, key))],
        TomlNode one => [DefinitionOf(one, key)],
    };

    /// <summary>A whole number between bounds; null if the key is absent or its value is wrong.</summary>
    public long? Number(string key, long least, long most) => Take(key) switch
    {
        null => null,
        TomlNumber number when number.Value >= least && number.Value <= most => number.Value,
        TomlNode other => RefuseNumber(
            other, string.Create(
                CultureInfo.InvariantCulture, $"'{key}' must be a whole number from {least} to {most}")),
    };

    /// <summary>
    /// A duration in seconds: <c>"20s"</c>, <c>"5m"</c>, <c>"1h"</c>; null if absent or wrong.
    /// </summary>
    public long? Seconds(string key, long least = 0)
    {
        switch (Take(key))
        {
            case null:
                return null;
            case TomlNumber number when number.Value >= least && number.Value <= int.MaxValue:
                return number.Value;
            case TomlText text when Durations.TryParse(text.Value, out long seconds) && seconds >= least:
                return seconds;
            case TomlNode other:
                string bound = least > 0 ? $", at least {least} s" : "";
                return RefuseNumber(
                    other, $"'{key}' must be a time in whole seconds, such as \"20s\" or \"5m\"{bound}");
        }
    }

    /// <summary><c>true</c> or <c>false</c>; false if absent.</summary>
    public bool Flag(string key)
    {
        switch (Take(key))
        {
            case null:
                return false;
            case TomlFlag flag:
                return flag.Value;
            case TomlNode other:
                Refuse<string>(other, $"'{key}' must be true or false");
                return false;
        }
    }

    /// <summary>One of several words; null if absent or another word.</summary>
    public string? Word(string key, params ReadOnlySpan<string> words)
    {
        string[] known = words.ToArray();
        string all = string.Join(", ", known);
        return Take(key) switch
        {
            null => null,
            TomlText text when known.Contains(text.Value) => text.Value,
            TomlText text => Refuse<string>(
                text, $"'{key}' cannot be '{text.Value}', but {all}{Suggestion.For(text.Value, known)}"),
            TomlNode other => Refuse<string>(other, $"'{key}' must be one of {all}"),
        };
    }

    /// <summary>A table; null if absent or another kind of value.</summary>
    public TableReader? Table(string key) => Take(key) switch
    {
        null => null,
        TomlTable inner => Inner(inner),
        TomlNode other => Refuse<TableReader>(other, $"'{key}' must be a table: {key} = {{ ... }}"),
    };

    /// <summary>A reader of a table in this one.</summary>
    private TableReader Inner(TomlTable inner)
    {
        var reader = new TableReader(file, inner, problems);
        _inner.Add(reader);
        return reader;
    }

    /// <summary>The entries of a table of texts, as <c>KEY=VALUE</c>; numbers and flags are texts, too.</summary>
    public ImmutableArray<string> Pairs(string key)
    {
        if (Table(key) is not { } inner)
        {
            return [];
        }

        ImmutableArray<string>.Builder pairs = ImmutableArray.CreateBuilder<string>();
        foreach (string name in inner.Keys)
        {
            string? value = inner.Take(name) switch
            {
                TomlText text => Field(text),
                TomlNumber number => number.Value.ToString(CultureInfo.InvariantCulture),
                TomlFlag flag => flag.Value ? "true" : "false",
                TomlNode other => Refuse<string>(other, $"'{name}' must be a text"),
                _ => null,
            };
            if (value is not null)
            {
                pairs.Add($"{name}={value}");
            }
        }

        return pairs.ToImmutable();
    }

    /// <summary>Reports that a key is wrong.</summary>
    public void Refuse(string key, string message) => Add(PlaceOf(key), message);

    /// <summary>Reports a mistake at a place.</summary>
    public void Add(Place place, string message, Severity severity = Severity.Error) =>
        problems.Add(new Problem(file, place.Line, place.Column, place.Length, message, severity));

    /// <summary>Reports all unread keys as unknown.</summary>
    public void Finish()
    {
        foreach (string key in table.Entries.Keys.Where(key => !_asked.Contains(key)))
        {
            Refuse(key, $"unknown key '{key}'{Suggestion.For(key, _asked)}");
        }
    }

    private CommandDefinition DefinitionOf(TomlNode node, string key)
    {
        if (node is not TomlTable table)
        {
            return new CommandDefinition(CommandOf(node, key));
        }

        TableReader inner = Inner(table);
        var command = new CommandDefinition(inner.Command("command")) { User = inner.Text("user") ?? "" };
        if (!inner.Has("command"))
        {
            Add(node.Place, $"'{key}' has no 'command'");
        }

        inner.Finish();
        return command;
    }

    private TextList CommandOf(TomlNode node, string key)
    {
        switch (node)
        {
            case TomlList { Items.Count: > 0 } list:
                ImmutableArray<string> fields = Fields(list, key);
                if (fields.Length > 0 && fields[0].Length == 0)
                {
                    Refuse<string>(list.Items[0], $"'{key}' has no program");
                }

                return [.. fields];
            case TomlText text:
                Refuse<string>(
                    text,
                    $"'{key}' must be an array: the program and its arguments; "
                    + "[\"sh\", \"-c\", \"...\"] for a shell");
                return default;
            default:
                Refuse<string>(node, $"'{key}' must be an array of texts: the program and its arguments");
                return default;
        }
    }

    private ImmutableArray<string> Fields(TomlList list, string key)
    {
        ImmutableArray<string>.Builder fields = ImmutableArray.CreateBuilder<string>(list.Items.Count);
        foreach (TomlNode item in list.Items)
        {
            if (item is not TomlText text)
            {
                Refuse<string>(item, $"'{key}' must be an array of texts");
            }
            else if (Field(text) is { } field)
            {
                fields.Add(field);
            }
        }

        return fields.ToImmutable();
    }

    // A field of a line of the protocol.
    private string? Field(TomlText text) => text.Value.AsSpan().ContainsAny('\t', '\n', '\0')
        ? Refuse<string>(text, "a TAB, a line end or a NUL cannot be in a text: put it into a script")
        : text.Value;

    private T? Refuse<T>(TomlNode node, string message)
        where T : class
    {
        Add(node.Place, message);
        return null;
    }

    private long? RefuseNumber(TomlNode node, string message)
    {
        Add(node.Place, message);
        return null;
    }
}
