using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Reading;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Daemonproxy.Import.Compose;

/// <summary>
/// Reads a YAML file into nodes, by the events of the parser. Aliases are the same node again; a file that its aliases
/// would make huge, or with endless nesting, is refused.
/// </summary>
internal sealed class YamlTree
{
    private const int MostDepth = 100;
    private const long MostNodes = 200_000;

    private readonly string _path;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private readonly Dictionary<YamlNode, long> _sizes = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<Open> _open = new();
    private YamlNode? _root;

    // An unfinished list or map, its anchor, and the key that waits for a value.
    private sealed class Open(YamlNode node, string anchor)
    {
        public YamlNode Node => node;

        public string Anchor => anchor;

        public YamlText? Key { get; set; }

        public long Size { get; set; } = 1;

        public List<YamlNode> Merges { get; } = [];
    }

    private YamlTree(string path) => _path = path;

    /// <summary>The only document of a file.</summary>
    /// <exception cref="ImportException">The file is not usable YAML.</exception>
    public static YamlNode Read(SourceFile file)
    {
        var tree = new YamlTree(file.Path);
        try
        {
            var parser = new Parser(new StringReader(file.Text));
            while (Next(parser, file.Path))
            {
                tree.Take(parser.Current!);
            }
        }
        catch (YamlException problem)
        {
            string reason = problem.InnerException?.Message ?? problem.Message;
            throw new ImportException(
                file.Path, LineOf(problem.Start), ColumnOf(problem.Start), Sentence(reason));
        }

        return tree._root ?? throw new ImportException(file.Path, "there is nothing in it");
    }

    // The parser does not report some invalid texts itself.
    private static bool Next(Parser parser, string path)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception problem) when (
            problem is InvalidOperationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            Mark place = parser.Current?.End ?? Mark.Empty;
            throw new ImportException(path, LineOf(place), ColumnOf(place), "it is not YAML from here on");
        }
    }

    private void Take(ParsingEvent current)
    {
        switch (current)
        {
            case DocumentStart when _root is not null:
                throw Wrong(current.Start, "a second document");
            case Scalar scalar:
                var text = new YamlText(
                    LineOf(scalar.Start), ColumnOf(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain)
                {
                    Path = _path,
                };
                Add(text, 1, NameOf(scalar.Anchor));
                break;
            case AnchorAlias alias:
                string name = NameOf(alias.Value);
                YamlNode node = _anchors.GetValueOrDefault(name)
                    ?? throw Wrong(alias.Start, $"there is no &{name} before it that is complete");
                Add(node, _sizes.GetValueOrDefault(node, 1), "");
                break;
            case SequenceStart start:
                Push(
                    new YamlList(LineOf(start.Start), ColumnOf(start.Start)) { Path = _path },
                    NameOf(start.Anchor),
                    start.Start);
                break;
            case MappingStart start:
                Push(
                    new YamlMap(LineOf(start.Start), ColumnOf(start.Start)) { Path = _path },
                    NameOf(start.Anchor),
                    start.Start);
                break;
            case SequenceEnd or MappingEnd:
                Open done = _open.Pop();
                Merge(done);
                _sizes[done.Node] = done.Size;
                Add(done.Node, done.Size, done.Anchor);
                break;
        }
    }

    private void Push(YamlNode node, string anchor, Mark place)
    {
        if (_open.Count >= MostDepth)
        {
            throw Wrong(place, $"more than {MostDepth} values in each other");
        }

        if (_open.TryPeek(out Open? above) && above is { Node: YamlMap, Key: null })
        {
            throw Wrong(place, "a key must be a text");
        }

        _open.Push(new Open(node, anchor));
    }

    private void Add(YamlNode node, long size, string anchor)
    {
        if (anchor.Length > 0)
        {
            _anchors[anchor] = node;
        }

        if (!_open.TryPeek(out Open? into))
        {
            _root = node;
            return;
        }

        into.Size += size;
        if (into.Size > MostNodes)
        {
            throw new ImportException(
                _path, node.Line, node.Column, $"with its aliases it has more than {MostNodes} values");
        }

        switch (into.Node)
        {
            case YamlList list:
                list.Items.Add(node);
                break;
            case YamlMap when into.Key is null:
                into.Key = node as YamlText
                    ?? throw new ImportException(_path, node.Line, node.Column, "a key must be a text");
                break;
            case YamlMap map:
                if (into.Key is { Value: "<<", IsPlain: true })
                {
                    into.Merges.Add(node);
                }
                else if (!map.Entries.TryAdd(into.Key.Value, node))
                {
                    throw new ImportException(
                        _path, into.Key.Line, into.Key.Column, $"there is a '{into.Key.Value}' already");
                }

                into.Key = null;
                break;
        }
    }

    // Keys of the map itself take precedence over merged ones, and earlier merged maps over later ones.
    private void Merge(Open done)
    {
        foreach (YamlNode merge in done.Merges)
        {
            IEnumerable<YamlNode> sources = merge is YamlList list ? list.Items : [merge];
            foreach (YamlNode source in sources)
            {
                if (source is not YamlMap map)
                {
                    throw new ImportException(_path, source.Line, source.Column, "only a map can be merged");
                }

                foreach ((string key, YamlNode value) in map.Entries)
                {
                    ((YamlMap)done.Node).Entries.TryAdd(key, value);
                }
            }
        }
    }

    private ImportException Wrong(Mark place, string reason) => new(_path, LineOf(place), ColumnOf(place), reason);

    private static string NameOf(AnchorName anchor) => anchor.IsEmpty ? "" : anchor.Value;

    private static int LineOf(Mark mark) => (int)long.Clamp(mark.Line, 1, int.MaxValue);

    private static int ColumnOf(Mark mark) => (int)long.Clamp(mark.Column, 1, int.MaxValue);

    private static string Sentence(string message)
    {
        string line = message.Split('\n')[0].TrimEnd('.', '\r');
        return line.Length > 1 && char.IsUpper(line[0]) ? char.ToLowerInvariant(line[0]) + line[1..] : line;
    }
}
