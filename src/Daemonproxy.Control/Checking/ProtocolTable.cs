using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Daemonproxy.Control.Checking;

/// <summary>
/// The commands of the protocol with the types of their fields, from docs/protocol.json, which is generated from
/// commands.spec: so no part of the protocol is repeated here.
/// </summary>
internal sealed class ProtocolTable
{
    private const string Resource = "protocol.json";

    private readonly Dictionary<string, CommandForm> _commands;
    private readonly Dictionary<string, string> _errors;
    private readonly Dictionary<string, JsonElement> _sets;
    private readonly Dictionary<string, string[]> _enums;
    private readonly Dictionary<string, int> _limits;

    private ProtocolTable(JsonElement root)
    {
        _commands = root.GetProperty("commands").EnumerateArray()
            .Select(command => new CommandForm(command)).ToDictionary(command => command.Name);
        _errors = root.GetProperty("errors").EnumerateArray()
            .ToDictionary(error => error.GetProperty("name").GetString()!, error => TextOf(error.GetProperty("text")));
        _sets = root.GetProperty("sets").EnumerateArray().ToDictionary(set => set.GetProperty("name").GetString()!);
        _enums = root.GetProperty("enums").EnumerateArray().ToDictionary(
            words => words.GetProperty("name").GetString()!,
            words => words.GetProperty("words").EnumerateArray()
                .Select(word => word.GetProperty("name").GetString()!).ToArray());
        _limits = root.GetProperty("limits").EnumerateArray().ToDictionary(
            limit => limit.GetProperty("name").GetString()!, limit => limit.GetProperty("value").GetInt32());
    }

    /// <summary>The names of all commands.</summary>
    public IEnumerable<string> Names => _commands.Keys;

    /// <summary>The table that is in this program.</summary>
    public static ProtocolTable Load()
    {
        using Stream stream = typeof(ProtocolTable).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not in the program");
        using var document = JsonDocument.Parse(stream);
        return new ProtocolTable(document.RootElement.Clone());
    }

    // The part of the text before the first value.
    private static string TextOf(JsonElement text) =>
        text.EnumerateArray().First().TryGetProperty("literal", out JsonElement first)
            ? first.GetString()!.TrimEnd(' ', '"', ':')
            : "not valid";

    /// <summary>Returns a command by its name; null if there is none.</summary>
    public CommandForm? Find(string name) => _commands.GetValueOrDefault(name);

    /// <summary>The text of an error.</summary>
    public string ErrorText(string name) => _errors.GetValueOrDefault(name, name);

    /// <summary>The words of a set, each with its value, if it has one.</summary>
    public Dictionary<string, JsonElement> WordsOfSet(string name) => _sets[name].GetProperty("words").EnumerateArray()
        .ToDictionary(word => word.GetProperty("name").GetString()!);

    /// <summary>The words of an enum.</summary>
    public string[] WordsOfEnum(string name) => _enums[name];

    /// <summary>A limit.</summary>
    public int Limit(string name) => _limits[name];
}

/// <summary>A command: its fields, and the error for surplus fields.</summary>
internal sealed class CommandForm(JsonElement command)
{
    public string Name { get; } = command.GetProperty("name").GetString()!;

    public FieldForm[] Fields { get; } =
        [.. command.GetProperty("fields").EnumerateArray().Select(field => new FieldForm(field))];

    /// <summary>The error for surplus fields; null if they are ignored.</summary>
    public string? Extra { get; } = command.TryGetProperty("extra", out JsonElement extra) ? extra.GetString() : null;
}

/// <summary>A field of a command.</summary>
internal sealed class FieldForm(JsonElement field)
{
    public string Name { get; } = field.GetProperty("name").GetString()!;

    /// <summary><c>required</c>, <c>optional</c>, <c>list</c> or <c>rest</c>.</summary>
    public string Mark { get; } = field.GetProperty("mark").GetString()!;

    public string Type { get; } = Text(field, "type");

    /// <summary>Its name type, set or enum.</summary>
    public string Of { get; } = Text(field, "of");

    /// <summary>The use of a name: <c>form</c>, <c>create</c>, <c>assign</c>, <c>change</c>.</summary>
    public string Use { get; } = Text(field, "use");

    public string[] Literals { get; } = field.TryGetProperty("literals", out JsonElement literals)
        ? [.. literals.EnumerateArray().Select(literal => literal.GetString()!)]
        : [];

    /// <summary>Texts before a name: <c>fd:</c>.</summary>
    public string[] Prefixes { get; } = field.TryGetProperty("prefixed", out JsonElement prefixed)
        ? [.. prefixed.EnumerateArray().Select(prefix => prefix.GetProperty("prefix").GetString()!)]
        : [];

    public string[] Errors { get; } = field.TryGetProperty("errors", out JsonElement errors)
        ? [.. errors.EnumerateArray().Select(error => error.GetString()!)]
        : [];

    public long? Least { get; } = field.TryGetProperty("least", out JsonElement least) ? least.GetInt64() : null;

    public long? Most { get; } = field.TryGetProperty("most", out JsonElement most) ? most.GetInt64() : null;

    public bool ToleratesMalformed { get; } = field.TryGetProperty("toleratesMalformed", out _);

    private static string Text(JsonElement field, string name) =>
        field.TryGetProperty(name, out JsonElement text) ? text.GetString()! : "";
}
