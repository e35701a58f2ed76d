using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;

namespace Daemonproxy.Import.Units;

/// <summary>User, directories, limits and attributes of the process, systemd.exec(5).</summary>
internal sealed partial class ServiceConverter
{
    private static readonly (string Key, string Base, string Variable)[] _directories =
    [
        ("RuntimeDirectory", "/run", "RUNTIME_DIRECTORY"),
        ("StateDirectory", "/var/lib", "STATE_DIRECTORY"),
        ("CacheDirectory", "/var/cache", "CACHE_DIRECTORY"),
        ("LogsDirectory", "/var/log", "LOGS_DIRECTORY"),
        ("ConfigurationDirectory", "/etc", "CONFIGURATION_DIRECTORY"),
    ];

    private static readonly string[] _capabilities =
    [
        "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap",
        "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner",
        "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
        "sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write", "audit_control", "setfcap",
        "mac_override", "mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf",
        "checkpoint_restore",
    ];

    // Keys that are handled with others, and keys without effect here.
    private static readonly HashSet<string> _elsewhere = new(StringComparer.Ordinal)
    {
        "Group", "SupplementaryGroups", "DynamicUser", "CapabilityBoundingSet", "AmbientCapabilities", "Environment",
        "EnvironmentFile", "PassEnvironment", "PermissionsStartOnly", "PIDFile", "NotifyAccess", "GuessMainPID",
        "RuntimeDirectoryPreserve", "CPUAccounting", "MemoryAccounting", "TasksAccounting", "IOAccounting",
        "IPAccounting", "BlockIOAccounting", "Sockets", "CPUSchedulingPolicy", "CPUSchedulingPriority",
        "IOSchedulingClass", "IOSchedulingPriority",
    };

    private readonly List<(string Path, string Mode)> _made = [];

    private bool TakeOfProcess(UnitSetting setting)
    {
        string value = Expand(setting);
        switch (setting.Key)
        {
            case "User":
                _service.User = value;
                break;
            case "WorkingDirectory":
                SetDirectory(setting, value);
                break;
            case "RootDirectory":
                _service.Root = value;
                break;
            case "UMask":
                _service.Umask = value;
                break;
            case "Nice" when int.TryParse(value, CultureInfo.InvariantCulture, out int nice):
                _service.Nice = nice;
                break;
            case "OOMScoreAdjust" when int.TryParse(value, CultureInfo.InvariantCulture, out int oom):
                _service.Oom = oom;
                break;
            case "NoNewPrivileges":
                AddIf(UnitValue.Flag(value), "no-new-privs");
                break;
            case "CPUAffinity":
                string[] processors = value.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
                _service.Process.Add($"cpus={string.Join(',', processors)}");
                break;
            case "StandardOutput" or "StandardError":
                TakeOutput(setting, value);
                break;
            default:
                return _elsewhere.Contains(setting.Key) || TakeDirectory(setting) || TakeLimit(setting, value)
                    || TakeCgroup(setting, value);
        }

        return true;
    }

    private void AddIf(bool? isOn, string word)
    {
        if (isOn == true)
        {
            _service.Process.Add(word);
        }
    }

    private void SetDirectory(UnitSetting setting, string value)
    {
        if (value.StartsWith('-') || value == "~")
        {
            Not(setting, value == "~" ? "write the path of the home" : "a directory must be there, or be left out");
            return;
        }

        _service.Directory = value;
    }

    private void TakeOutput(UnitSetting setting, string value)
    {
        string[] parts = value.Split(':', 2);
        if (parts is ["append" or "file" or "truncate", var path])
        {
            if (_service.OutputFile.Length > 0 && _service.OutputFile != path)
            {
                Not(setting, "output and errors go to one file");
            }
            else
            {
                _service.OutputFile = path;
            }

            if (parts[0] != "append")
            {
                Not(setting, "a file is appended to");
            }
        }
        else if (value is not ("inherit" or "journal" or "syslog" or "kmsg" or "journal+console" or "syslog+console"
            or "kmsg+console"))
        {
            Not(setting, "output goes where the daemon's goes, to a logger, or to a file");
        }
    }

    private bool TakeDirectory(UnitSetting setting)
    {
        foreach ((string key, string place, string variable) in _directories)
        {
            if (setting.Key == $"{key}Mode")
            {
                return true;
            }

            if (setting.Key != key)
            {
                continue;
            }

            string mode = ValueOf($"{key}Mode") ?? "0755";
            foreach (string word in Words(setting))
            {
                string name = word.Split(':')[0];
                string path = $"{place}/{name}";
                if (name != word)
                {
                    _service.Not(setting.Place, $"{key}={word}", "no link to it is made");
                }

                _made.Add((path, mode));
                _service.Environment[variable] = _service.Environment.TryGetValue(variable, out string? before)
                    ? $"{before}:{path}"
                    : path;
            }

            return true;
        }

        return false;
    }

    // install(1) makes a directory with mode and owner at once; the owner of the configuration is root.
    private IEnumerable<List<string>> DirectoryCommands() => _made
        .GroupBy(static one => (one.Mode, IsOfRoot: one.Path.StartsWith("/etc/", StringComparison.Ordinal)))
        .SelectMany(group =>
        {
            string[] paths = [.. group.Select(static one => one.Path)];
            List<List<string>> commands = [["install", "-d", "-m", group.Key.Mode, .. paths]];
            string user = _service.User;
            if (!group.Key.IsOfRoot && (user.Length > 0 || _service.Groups.Count > 0))
            {
                // Without a group, the group is that of the user.
                string owner = $"{(user.Length > 0 ? user : "root")}:{_service.Groups.FirstOrDefault("")}";
                commands.Add(["chown", owner, .. paths]);
            }

            return commands;
        });

    private bool TakeLimit(UnitSetting setting, string value)
    {
        if (!setting.Key.StartsWith("Limit", StringComparison.Ordinal))
        {
            return false;
        }

        string name = setting.Key["Limit".Length..].ToLowerInvariant();
        string[] parts = [.. value.Split(':').Select(part => Limit(name, part.Trim()))];
        if (parts.Length > 2 || Array.Exists(parts, static part => part.Length == 0) || name == "nice")
        {
            Not(setting, "limits has no such value");
        }
        else
        {
            _service.Limits[name] = string.Join(':', parts);
        }

        return true;
    }

    private static string Limit(string name, string value)
    {
        if (value == "infinity" || (value.Length > 0 && value.All(char.IsAsciiDigit)))
        {
            return value;
        }

        long? number = name switch
        {
            "cpu" => UnitValue.Seconds(value),
            "rttime" => UnitValue.Seconds(value) * 1_000_000,
            _ => UnitValue.Bytes(value),
        };
        return number?.ToString(CultureInfo.InvariantCulture) ?? "";
    }

    private bool TakeCgroup(UnitSetting setting, string value)
    {
        string? file = setting.Key switch
        {
            "MemoryMax" or "MemoryLimit" => "memory.max",
            "MemoryHigh" => "memory.high",
            "MemoryMin" => "memory.min",
            "MemoryLow" => "memory.low",
            "MemorySwapMax" => "memory.swap.max",
            "TasksMax" => "pids.max",
            "CPUQuota" => "cpu.max",
            "CPUWeight" => "cpu.weight",
            "IOWeight" => "io.weight",
            "AllowedCPUs" => "cpuset.cpus",
            "AllowedMemoryNodes" => "cpuset.mems",
            "OOMPolicy" => "memory.oom.group",
            _ => null,
        };
        if (file is null)
        {
            return false;
        }

        string? text = (file, value) switch
        {
            ("cpu.max", _) => value.EndsWith('%') && int.TryParse(value[..^1], out int percent)
                ? string.Create(CultureInfo.InvariantCulture, $"{percent * 1000L} 100000")
                : null,
            ("memory.oom.group", "kill") => "1",
            ("memory.oom.group", "continue") => "0",
            ("memory.oom.group", _) => null,
            ("cpu.weight", "idle") => null,
            ("io.weight", _) => $"default {value}",
            ("cpuset.cpus" or "cpuset.mems", _) => value.Replace(' ', ','),
            (_, "infinity") => "max",
            ("pids.max" or "cpu.weight", _) => value.All(char.IsAsciiDigit) ? value : null,
            _ => UnitValue.Bytes(value)?.ToString(CultureInfo.InvariantCulture),
        };
        if (text is null)
        {
            Not(setting, "the kernel has no such value: see cgroup");
        }
        else
        {
            _service.Cgroup[file] = text;
        }

        return true;
    }

    private void FinishProcess()
    {
        _service.Umask = _service.Umask.Length > 0 ? _service.Umask : "022";
        FinishGroups();
        FinishCapabilities();
        if (ValueOf("CPUSchedulingPolicy") is { } policy)
        {
            _service.Process.Add(policy is "fifo" or "rr"
                ? $"sched={policy}:{ValueOf("CPUSchedulingPriority") ?? "1"}"
                : $"sched={policy}");
        }

        if (ValueOf("IOSchedulingClass") is { } given)
        {
            string name = given switch
            {
                "0" => "none",
                "1" => "realtime",
                "2" => "best-effort",
                "3" => "idle",
                _ => given,
            };
            string priority = name is "realtime" or "best-effort" ? ValueOf("IOSchedulingPriority") ?? "" : "";
            _service.Process.Add($"ionice={name}:{priority}".TrimEnd(':'));
        }
        else if (ValueOf("IOSchedulingPriority") is { } number)
        {
            _service.Process.Add($"ionice=best-effort:{number}");
        }
    }

    private void FinishGroups()
    {
        if (IsOn("DynamicUser"))
        {
            _service.User = "nobody";
            Not(_unit.Find(Section, "DynamicUser")!, "it runs as nobody: make a user of its own");
        }

        List<string> others = [.. _unit.FindAll(Section, "SupplementaryGroups").SelectMany(Words)];
        string group = ValueOf("Group") ?? "";
        if (group.Length == 0 && others.Count > 0)
        {
            UnitSetting setting = _unit.FindAll(Section, "SupplementaryGroups")[0];
            string user = _service.User.Length > 0 ? _service.User : Root;
            if (UserGroups.FirstOf(user) is not { } first)
            {
                Not(setting, "groups begins with the first group of the user: write it before these");
                return;
            }

            group = first;
            _service.Remarks.Add($"{first} is the first group that {user} has on this machine.");
        }

        if (group.Length > 0)
        {
            _service.Groups.Add(group);
            _service.Groups.AddRange(others);
            _service.User = _service.User.Length > 0 ? _service.User : "root";
        }
    }

    private void FinishCapabilities()
    {
        List<UnitSetting> bounding =
            [.. _unit.Settings.Where(static one => one is { Section: Section, Key: "CapabilityBoundingSet" })];
        List<UnitSetting> ambient = _unit.FindAll(Section, "AmbientCapabilities");
        bool isRoot = _service.User is "" or "root" or "0";
        if (ambient.Count > 0 && !isRoot)
        {
            _service.Process.Add($"caps={string.Join(',', Capabilities(ambient))}");
        }
        else if (bounding.Count > 0 && isRoot)
        {
            _service.Process.Add($"caps={string.Join(',', Capabilities(bounding))}");
        }
        else if (bounding.Count > 0)
        {
            Not(bounding[^1], "its user has no capabilities: what is bounded is what a set-user-ID program could get");
        }
    }

    private IEnumerable<string> Capabilities(List<UnitSetting> settings)
    {
        HashSet<string>? kept = null;
        foreach (UnitSetting setting in settings)
        {
            bool isInverted = setting.Value.StartsWith('~');
            string[] names = [.. Expand(setting).TrimStart('~')
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(static name => name.ToLowerInvariant())
                .Select(static name => name.StartsWith("cap_", StringComparison.Ordinal) ? name[4..] : name)];
            foreach (string unknown in names.Where(static name => !_capabilities.Contains(name)))
            {
                Not(setting, $"{unknown} is not a capability");
            }

            kept ??= isInverted ? [.. _capabilities] : [];
            if (isInverted)
            {
                kept.ExceptWith(names);
            }
            else if (setting.Value.Length == 0)
            {
                kept.Clear();
            }
            else
            {
                kept.UnionWith(names);
            }
        }

        return _capabilities.Where(name => kept!.Contains(name));
    }
}
