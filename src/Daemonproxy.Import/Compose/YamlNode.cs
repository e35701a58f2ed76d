using System.Collections.Generic;

namespace Daemonproxy.Import.Compose;

/// <summary>A value of a YAML file, and its place.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The character, from 1.</param>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>The path of its file.</summary>
    public string Path { get; init; } = "";
}

/// <summary>A scalar.</summary>
internal sealed record YamlText(int Line, int Column, string Value, bool IsPlain) : YamlNode(Line, Column)
{
    /// <summary>True if it stands for no value.</summary>
    public bool IsNull => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A sequence.</summary>
internal sealed record YamlList(int Line, int Column) : YamlNode(Line, Column)
{
    public List<YamlNode> Items { get; } = [];
}

/// <summary>A mapping; merge keys have been carried out.</summary>
internal sealed record YamlMap(int Line, int Column) : YamlNode(Line, Column)
{
    public OrderedDictionary<string, YamlNode> Entries { get; } = [];
}
