using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;

namespace Daemonproxy.Import.Compose;

/// <summary>
/// Imports the services of a compose file. The content of their images is unknown: a service needs a command, and its
/// program has to be on this machine.
/// </summary>
internal sealed class ComposeImporter
{
    private const int MostReplicas = 100;
    private const int MostIncludes = 100;

    private static readonly string[] _names =
        ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

    // The files that compose also reads, unless its options name files.
    private static readonly string[] _changes =
    [
        "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
    ];

    private readonly ImportedSet _set;
    private readonly Dictionary<string, ComposeFile> _files = new(StringComparer.Ordinal);
    private readonly List<(string Name, ComposeFile File, YamlMap Map)> _services = [];
    private readonly List<string> _including = [];

    private ComposeImporter(string path, string file) => _set = new ImportedSet(path, file);

    /// <summary>Imports a file, or that of a directory.</summary>
    /// <param name="paths">Its path, and those of files that change it: what is said later counts more.</param>
    /// <exception cref="ImportException">One of them cannot be read.</exception>
    public static ImportedSet Import(IReadOnlyList<string> paths)
    {
        string file = paths[0];
        List<string> changes = [.. paths.Skip(1)];
        if (FileKinds.Of(file) == FileKind.Directory)
        {
            file = First(file, _names)
                ?? throw new ImportException(file, $"there is none of {string.Join(", ", _names)} in it");
            if (First(paths[0], _changes) is { } change)
            {
                changes.Insert(0, change);
            }
        }

        var importer = new ComposeImporter(paths[0], file);
        importer._files.Add(file, ComposeFile.Read(file, [.. changes]));
        importer.Load(file);
        if (importer._services.Count == 0)
        {
            throw new ImportException(file, "there are no services in it");
        }

        importer.Convert();
        importer.TellOfOthers(file, changes);
        return importer._set;
    }

    private static string? First(string folder, string[] names) => names
        .Select(name => Path.Combine(folder, name))
        .FirstOrDefault(static one => FileKinds.Of(one) != FileKind.Missing);

    private ComposeFile FileOf(string path)
    {
        if (!_files.TryGetValue(path, out ComposeFile? file))
        {
            file = ComposeFile.Read(path);
            _files.Add(path, file);
        }

        return file;
    }

    private void Load(string path)
    {
        if (_including.Contains(path) || _including.Count >= MostIncludes)
        {
            throw new ImportException(path, "it includes itself");
        }

        _including.Add(path);
        ComposeFile file = FileOf(path);
        foreach ((string key, YamlNode node) in file.Root.Entries)
        {
            switch (key)
            {
                case "services":
                    foreach ((string name, YamlNode service) in file.Map(node, "services").Entries)
                    {
                        if (_services.Exists(one => one.Name == name))
                        {
                            throw file.Wrong(service, $"there is a service {name} in another file");
                        }

                        _services.Add((name, file, file.Map(service, name)));
                    }

                    break;
                case "include":
                    Include(file, node);
                    break;
                case "name" or "version":
                    break;
                default:
                    if (!key.StartsWith("x-", StringComparison.Ordinal))
                    {
                        _set.Not(file.At(node), $"{key}:", ComposeReasons.ForTop(key));
                    }

                    break;
            }
        }

        _including.Remove(path);
    }

    private void Include(ComposeFile file, YamlNode node)
    {
        IEnumerable<YamlNode> items = node is YamlList list ? list.Items : [node];
        foreach (YamlNode item in items)
        {
            YamlNode paths = item is YamlMap map
                ? map.Entries.GetValueOrDefault("path") ?? throw file.Wrong(item, "include needs a path")
                : item;
            foreach ((string path, YamlNode place) in file.Texts(paths, "include"))
            {
                string whole = Path.GetFullPath(path, file.Folder);
                if (_including.Exists(one => Path.GetFullPath(one) == whole))
                {
                    throw file.Wrong(place, "it includes itself");
                }

                Load(whole);
            }
        }
    }

    // The settings of the extended service; its own take precedence.
    private (YamlMap Map, Dictionary<YamlNode, ComposeFile> Files) Extended(string name, ComposeFile file, YamlMap map)
    {
        Dictionary<YamlNode, ComposeFile> files = new(ReferenceEqualityComparer.Instance);
        var all = new YamlMap(map.Line, map.Column);
        HashSet<(string, string)> seen = [];
        while (true)
        {
            if (!seen.Add((file.Path, name)))
            {
                throw file.Wrong(map, $"{name} extends itself");
            }

            foreach ((string key, YamlNode value) in map.Entries)
            {
                YamlNode node = key == "env_file" ? Rooted(value, file.Folder) : value;
                files.TryAdd(node, file);
                Combine(all, key, node, files, file);
            }

            if (!map.Entries.TryGetValue("extends", out YamlNode? extends))
            {
                return (all, files);
            }

            string? other = null;
            if (extends is YamlMap form)
            {
                other = form.Entries.TryGetValue("file", out YamlNode? path) ? file.Text(path, "file") : null;
                name = file.Text(
                    form.Entries.GetValueOrDefault("service") ?? throw file.Wrong(extends, "extends needs a service"),
                    "service");
            }
            else
            {
                name = file.Text(extends, "extends");
            }

            ComposeFile target = other is null ? file : FileOf(Path.GetFullPath(other, file.Folder));
            map = target.Root.Entries.GetValueOrDefault("services") is YamlMap services
                && services.Entries.GetValueOrDefault(name) is YamlMap found
                ? found
                : throw file.Wrong(extends, $"there is no service {name} to be extended");
            file = target;
        }
    }

    // Paths of files in several folders come together in one list.
    private static YamlNode Rooted(YamlNode node, string folder)
    {
        switch (node)
        {
            case YamlText { Value.Length: > 0 } text when !text.Value.StartsWith('$'):
                return text with { Value = Path.Combine(folder, text.Value) };
            case YamlList list:
                var rooted = new YamlList(list.Line, list.Column) { Path = list.Path };
                rooted.Items.AddRange(list.Items.Select(item => item is YamlText ? Rooted(item, folder) : item));
                return rooted;
            default:
                return node;
        }
    }

    // What the one that extends says counts more.
    private static void Combine(
        YamlMap all, string key, YamlNode node, Dictionary<YamlNode, ComposeFile> files, ComposeFile file)
    {
        if (key == "extends" || all.Entries.TryAdd(key, node))
        {
            return;
        }

        YamlNode own = all.Entries[key];
        YamlNode merged = ComposeMerge.Merge(key, node, own);
        if (!ReferenceEquals(merged, own))
        {
            files[merged] = files.GetValueOrDefault(own, file);
            all.Entries[key] = merged;
        }
    }

    private void Convert()
    {
        Dictionary<string, List<ImportedService>> byName = new(StringComparer.Ordinal);
        List<ServiceReader> readers = [];
        foreach ((string name, ComposeFile file, YamlMap map) in _services)
        {
            (YamlMap all, Dictionary<YamlNode, ComposeFile> files) = Extended(name, file, map);
            long replicas = ServiceReader.Replicas(file, all);
            if (replicas > MostReplicas)
            {
                throw file.Wrong(map, $"more than {MostReplicas} of {name}");
            }

            byName[name] = [];
            for (int number = 1; number <= long.Max(replicas, 1); number++)
            {
                string one = replicas > 1 ? string.Create(CultureInfo.InvariantCulture, $"{name}-{number}") : name;
                var reader = new ServiceReader(one, file, files, all);
                reader.Read();
                reader.Service.IsDisabled |= replicas == 0;
                readers.Add(reader);
                byName[name].Add(reader.Service);
                _set.Services.Add(reader.Service);
            }
        }

        foreach (ServiceReader reader in readers)
        {
            reader.Connect(byName);
        }

        foreach (ComposeFile file in _files.Values)
        {
            foreach ((string name, int line) in file.Unset.Distinct())
            {
                _set.Not(new SourcePlace(file.Path, line), $"${name}", "it is not set here, so it is empty");
            }
        }
    }

    private void TellOfOthers(string file, List<string> changes)
    {
        string folder = Path.GetDirectoryName(file)!;
        if (changes.Count == 0 && First(folder, _changes) is { } other)
        {
            _set.Not(
                new SourcePlace("", 0), Path.GetFileName(other), "it was not read: name the directory, or both files");
        }
    }
}
