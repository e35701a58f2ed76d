using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;
using Daemonproxy.Import.Units;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Import.Compose;

/// <summary>Reads one service of a compose file.</summary>
/// <param name="name">Its name.</param>
/// <param name="file">Its file.</param>
/// <param name="files">The file of each of its values, if it extends another service.</param>
/// <param name="map">Its keys.</param>
internal sealed partial class ServiceReader(
    string name, ComposeFile file, Dictionary<YamlNode, ComposeFile> files, YamlMap map)
{
    // The defaults of docker.
    private const long RestartReset = 10;
    private const long UsualCheckTimeout = 30;

    private List<string> _entrypoint = [];
    private List<string> _command = [];
    private bool _hasCommand;

    /// <summary>The service.</summary>
    public ImportedService Service { get; } = new(name, name, file.At(map))
    {
        Umask = "022",
        Restart = new RestartPolicy { When = RestartWhen.Never },
    };

    /// <summary>The number of replicas.</summary>
    public static long Replicas(ComposeFile file, YamlMap map)
    {
        YamlNode? node = map.Entries.GetValueOrDefault("scale")
            ?? (map.Entries.GetValueOrDefault("deploy") as YamlMap)?.Entries.GetValueOrDefault("replicas");
        if (node is null)
        {
            return 1;
        }

        return long.TryParse(
            file.Text(node, "replicas"), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            ? count
            : throw file.Wrong(node, "replicas must be a whole number");
    }

    /// <summary>Reads all keys.</summary>
    public void Read()
    {
        foreach ((string key, YamlNode node) in map.Entries)
        {
            ComposeFile source = files.GetValueOrDefault(node, file);
            if (!key.StartsWith("x-", StringComparison.Ordinal)
                && !TakeOfProcess(key, node, source) && !TakeOfLife(key, node, source))
            {
                TakeOther(key, node, source);
            }
        }

        Finish();
    }

    private void Finish()
    {
        if (_entrypoint.Count + _command.Count == 0)
        {
            YamlNode place = map.Entries.GetValueOrDefault("image") ?? map.Entries.GetValueOrDefault("build") ?? map;
            string text = place is YamlText image ? $"image: {image.Value}" : name;
            Service.Notes.RemoveAll(note => note.Text == text);
            Service.Refuse(file.At(place), text, _hasCommand
                ? "it has no command"
                : "what the image runs is not known: install it, and write its command");
        }

        Service.Command = [.. _entrypoint, .. _command];
        if (Service.Restart.When == RestartWhen.Never)
        {
            Service.Restart = new RestartPolicy { When = RestartWhen.Never };
        }
    }

    private bool TakeOfProcess(string key, YamlNode node, ComposeFile source)
    {
        switch (key)
        {
            case "command":
                _command = Words(key, node, source);
                _hasCommand = true;
                break;
            case "entrypoint":
                _entrypoint = Words(key, node, source);
                _hasCommand = true;
                break;
            case "user":
                string[] parts = source.Text(node, key).Split(':', 2);
                Service.User = parts[0];
                Service.Groups.AddRange(parts[1..]);
                break;
            case "group_add":
                Service.Groups.AddRange(source.Texts(node, key).Select(static one => one.Value));
                break;
            case "working_dir":
                Service.Directory = source.Text(node, key);
                break;
            case "environment":
                foreach ((string variable, string? value, YamlNode _) in source.Pairs(node, key))
                {
                    // Without a value the variable is inherited, which the service does anyway.
                    if (value is not null)
                    {
                        Service.Environment[variable] = value;
                    }
                }

                break;
            case "env_file":
                AddFiles(node, source);
                break;
            case "ulimits":
                AddLimits(node, source);
                break;
            default:
                return TakeAmount(key, node, source);
        }

        return true;
    }

    private static List<string> Words(string key, YamlNode node, ComposeFile source)
    {
        if (node is YamlList)
        {
            return [.. source.Texts(node, key).Select(static one => one.Value)];
        }

        try
        {
            return ShellWords.Split(source.Text(node, key));
        }
        catch (FormatException problem)
        {
            throw source.Wrong(node, problem.Message);
        }
    }

    private void AddFiles(YamlNode node, ComposeFile source)
    {
        IEnumerable<YamlNode> items = node is YamlList list ? list.Items : [node];
        foreach (YamlNode item in items)
        {
            YamlNode path = item;
            bool mayBeMissing = false;
            if (item is YamlMap form)
            {
                path = form.Entries.GetValueOrDefault("path") ?? throw source.Wrong(item, "env_file needs a path");
                mayBeMissing = form.Entries.TryGetValue("required", out YamlNode? required)
                    && !source.Flag(required, "required");
            }

            string text = source.Text(path, "env_file");
            EnvironmentFiles.Add(
                Service, Path.GetFullPath(text, source.Folder), mayBeMissing, source.At(path), $"env_file: {text}");
        }
    }

    private void AddLimits(YamlNode node, ComposeFile source)
    {
        foreach ((string limit, YamlNode value) in source.Map(node, "ulimits").Entries)
        {
            Service.Limits[limit] = value is YamlMap pair
                ? $"{Bound(pair, "soft", source)}:{Bound(pair, "hard", source)}"
                : source.Text(value, limit).Replace("-1", "infinity", StringComparison.Ordinal);
        }
    }

    private static string Bound(YamlMap pair, string bound, ComposeFile source) =>
        source.Text(pair.Entries.GetValueOrDefault(bound) ?? throw source.Wrong(pair, $"{bound} is missing"), bound)
            .Replace("-1", "infinity", StringComparison.Ordinal);

    private bool TakeAmount(string key, YamlNode node, ComposeFile source)
    {
        switch (key)
        {
            case "mem_limit" or "mem_reservation" or "memswap_limit":
                string which = key switch
                {
                    "mem_limit" => "memory.max",
                    "mem_reservation" => "memory.low",
                    _ => "",
                };
                return which.Length > 0 && AddBytes(which, node, source);
            case "pids_limit":
                Service.Cgroup["pids.max"] = source.Text(node, key).Replace("-1", "max", StringComparison.Ordinal);
                break;
            case "cpus":
                AddProcessors(node, source);
                break;
            case "cpuset":
                Service.Process.Add($"cpus={source.Text(node, key)}");
                break;
            case "oom_score_adj" when int.TryParse(source.Text(node, key), CultureInfo.InvariantCulture, out int oom):
                Service.Oom = oom;
                break;
            default:
                return TakeRights(key, node, source);
        }

        return true;
    }

    private bool AddBytes(string which, YamlNode node, ComposeFile source)
    {
        if (UnitValue.Bytes(source.Text(node, which).ToUpperInvariant()) is not { } bytes)
        {
            return false;
        }

        Service.Cgroup[which] = bytes.ToString(CultureInfo.InvariantCulture);
        return true;
    }

    private void AddProcessors(YamlNode node, ComposeFile source)
    {
        if (!decimal.TryParse(
            source.Text(node, "cpus"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal count)
            || count is <= 0 or > 100_000)
        {
            throw source.Wrong(node, "cpus must be a number");
        }

        Service.Cgroup["cpu.max"] = string.Create(CultureInfo.InvariantCulture, $"{(long)(count * 100_000)} 100000");
    }

    private bool TakeRights(string key, YamlNode node, ComposeFile source)
    {
        switch (key)
        {
            case "security_opt":
                foreach ((string option, YamlNode place) in source.Texts(node, key))
                {
                    if (option is "no-new-privileges:true" or "no-new-privileges=true" or "no-new-privileges")
                    {
                        Service.Process.Add("no-new-privs");
                    }
                    else
                    {
                        Service.Not(source.At(place), $"{key}: {option}", "the manager's file has nothing like it");
                    }
                }

                return true;
            case "cap_drop" when source.Texts(node, key).Exists(static one => one.Value is "ALL" or "all"):
                // A user other than root has none of them in a container, either.
                bool isRoot = !map.Entries.TryGetValue("user", out YamlNode? user)
                    || source.Text(user, key).Split(':')[0] is "root" or "0";
                IEnumerable<string> kept = isRoot && map.Entries.TryGetValue("cap_add", out YamlNode? added)
                    ? source.Texts(added, key).Select(static one => one.Value.ToLowerInvariant().Replace(
                        "cap_", "", StringComparison.Ordinal))
                    : [];
                Service.Process.Add($"caps={string.Join(',', kept)}");
                return true;
            case "cap_add":
                // Without cap_drop: root has all of them here.
                return true;
            default:
                return false;
        }
    }
}
