using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;
using Daemonproxy.Manager.Files;

namespace Daemonproxy.Import.Compose;

/// <summary>A compose file: its nodes, with variables replaced when a value is read.</summary>
internal sealed class ComposeFile
{
    private readonly OrderedDictionary<string, string> _variables;

    private ComposeFile(string path, YamlMap root, OrderedDictionary<string, string> variables)
    {
        Path = path;
        Root = root;
        _variables = variables;
    }

    public string Path { get; }

    public YamlMap Root { get; }

    /// <summary>The directory of relative paths.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <summary>Variables without a value that were found, with their places.</summary>
    public List<(string Name, int Line)> Unset { get; } = [];

    /// <summary>
    /// Reads a file, and those that change it, each more than the one before. Paths in all of them are relative to the
    /// first one, and so is <c>.env</c>.
    /// </summary>
    /// <exception cref="ImportException">One of them cannot be read.</exception>
    public static ComposeFile Read(string path, params ReadOnlySpan<string> changes)
    {
        YamlMap root = ReadMap(path);
        foreach (string change in changes)
        {
            root = ComposeMerge.Merge(root, ReadMap(change));
        }

        string variables = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, ".env");
        return new ComposeFile(path, root, FileKinds.Of(variables) == FileKind.Regular
            ? EnvironmentText.Variables(SourceFile.Read(variables).Text)
            : []);
    }

    public SourcePlace At(YamlNode node) => new(PathOf(node), node.Line);

    public ImportException Wrong(YamlNode node, string reason) => new(PathOf(node), node.Line, node.Column, reason);

    private string PathOf(YamlNode node) => node.Path.Length > 0 ? node.Path : Path;

    private static YamlMap ReadMap(string path) => YamlTree.Read(SourceFile.Read(path)) as YamlMap
        ?? throw new ImportException(path, "it is not a map with services: in it");

    /// <summary>A scalar with its variables replaced; empty for no value.</summary>
    public string Text(YamlNode node, string what)
    {
        if (node is not YamlText text)
        {
            throw Wrong(node, $"{what} must be a text");
        }

        if (text.IsNull)
        {
            return "";
        }

        try
        {
            return new Interpolation(Variable, name => Unset.Add((name, node.Line))).Apply(text.Value);
        }
        catch (FormatException problem)
        {
            throw Wrong(node, problem.Message);
        }
    }

    public YamlMap Map(YamlNode node, string what) => node as YamlMap
        ?? (node is YamlText { IsNull: true } ? new YamlMap(node.Line, node.Column) : null)
        ?? throw Wrong(node, $"{what} must be a map");

    /// <summary>The texts of a list, or one text alone.</summary>
    public List<(string Value, YamlNode Node)> Texts(YamlNode node, string what) => node switch
    {
        YamlList list => [.. list.Items.Select(item => (Text(item, what), item))],
        YamlText { IsNull: true } => [],
        YamlText => [(Text(node, what), node)],
        _ => throw Wrong(node, $"{what} must be a list"),
    };

    /// <summary>Pairs from a map, or from a list of KEY=VALUE; the value is null if it is absent.</summary>
    public List<(string Key, string? Value, YamlNode Node)> Pairs(YamlNode node, string what) => node switch
    {
        YamlMap map =>
        [
            .. map.Entries.Select(entry => (
                entry.Key,
                entry.Value is YamlText { IsNull: true } ? null : Text(entry.Value, what),
                entry.Value)),
        ],
        _ => [.. Texts(node, what).Select(static item =>
        {
            int equals = item.Value.IndexOf('=', StringComparison.Ordinal);
            return equals < 0
                ? (item.Value, (string?)null, item.Node)
                : (item.Value[..equals], item.Value[(equals + 1)..], item.Node);
        })],
    };

    /// <summary>Returns true if a value is true.</summary>
    public bool Flag(YamlNode node, string what) => Text(node, what).ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" or "" => false,
        _ => throw Wrong(node, $"{what} must be true or false"),
    };

    // The environment takes precedence over the file.
    private string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? _variables.GetValueOrDefault(name);
}
