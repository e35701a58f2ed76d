using System;
using System.Collections.Generic;
using System.Linq;

namespace Daemonproxy.Import.Compose;

/// <summary>
/// Puts values of compose files together, as compose does: of maps each key, of lists all items, of what is one command
/// or one text the newer one.
/// </summary>
internal static class ComposeMerge
{
    // A list of them is what would be a map with the keys before the `=`.
    private static readonly HashSet<string> _pairs = new(StringComparer.Ordinal)
    {
        "environment", "labels", "annotations", "args", "sysctls", "extra_hosts",
    };

    // Lists that are one thing.
    private static readonly HashSet<string> _wholes = new(StringComparer.Ordinal) { "command", "entrypoint", "test" };

    /// <summary>A map with the entries of another one that counts more.</summary>
    public static YamlMap Merge(YamlMap below, YamlMap above)
    {
        var merged = new YamlMap(below.Line, below.Column) { Path = below.Path };
        foreach ((string key, YamlNode value) in below.Entries)
        {
            merged.Entries.Add(key, above.Entries.TryGetValue(key, out YamlNode? newer)
                ? Merge(key, value, newer)
                : value);
        }

        foreach ((string key, YamlNode value) in above.Entries)
        {
            merged.Entries.TryAdd(key, value);
        }

        return merged;
    }

    /// <summary>The value of a key that two maps have.</summary>
    public static YamlNode Merge(string key, YamlNode below, YamlNode above)
    {
        if (below is not YamlMap || above is not YamlMap)
        {
            below = AsMap(key, below) ?? below;
            above = AsMap(key, above) ?? above;
        }

        if (below is YamlMap map && above is YamlMap newer)
        {
            return Merge(map, newer);
        }

        if (_wholes.Contains(key) || (below, above) is not (YamlList or YamlText, YamlList))
        {
            return above;
        }

        var list = new YamlList(above.Line, above.Column) { Path = above.Path };
        foreach (YamlNode item in Items(below).Concat(Items(above)))
        {
            bool isThere = item is YamlText text && list.Items.Exists(one => (one as YamlText)?.Value == text.Value);
            if (!isThere)
            {
                list.Items.Add(item);
            }
        }

        return list;
    }

    private static List<YamlNode> Items(YamlNode node) => node switch
    {
        YamlList list => list.Items,
        YamlText { IsNull: true } => [],
        _ => [node],
    };

    // Null for what is no list that stands for a map.
    private static YamlMap? AsMap(string key, YamlNode node)
    {
        if (node is not YamlList list || !list.Items.TrueForAll(static item => item is YamlText))
        {
            return null;
        }

        var map = new YamlMap(list.Line, list.Column) { Path = list.Path };
        foreach (YamlText item in list.Items.Cast<YamlText>())
        {
            if (_pairs.Contains(key))
            {
                int equals = item.Value.IndexOf('=', StringComparison.Ordinal);
                string name = equals < 0 ? item.Value : item.Value[..equals];
                map.Entries[name] = equals < 0
                    ? item with { Value = "", IsPlain = true }
                    : item with { Value = item.Value[(equals + 1)..], IsPlain = false };
            }
            else if (key == "depends_on")
            {
                map.Entries[item.Value] = new YamlMap(item.Line, item.Column) { Path = item.Path };
            }
            else
            {
                return null;
            }
        }

        return map;
    }
}
