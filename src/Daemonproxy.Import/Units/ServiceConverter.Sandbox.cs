using System;
using System.Collections.Generic;
using System.Linq;

namespace Daemonproxy.Import.Units;

/// <summary>Visible and writable parts of the file system: words of service.mounts.</summary>
internal sealed partial class ServiceConverter
{
    private bool TakeOfSandbox(UnitSetting setting)
    {
        string value = Expand(setting);
        bool isOn = UnitValue.Flag(value) == true;
        switch (setting.Key)
        {
            case "PrivateTmp" or "PrivateDevices" or "ProtectKernelTunables" or "ProtectControlGroups"
                or "ProtectKernelLogs" when UnitValue.Flag(value) is null:
                return false;
            case "PrivateTmp":
                Mount(isOn, "tmp=/tmp", "tmp=/var/tmp");
                break;
            case "PrivateDevices":
                Mount(isOn, "dev");
                break;
            case "ProtectKernelTunables":
                Mount(isOn, "ro=/proc/sys", "ro=/sys", "ro=-/proc/sysrq-trigger", "ro=-/proc/irq", "ro=-/proc/fs");
                break;
            case "ProtectControlGroups":
                Mount(isOn, "ro=/sys/fs/cgroup");
                break;
            case "ProtectKernelLogs":
                Mount(isOn, "hide=-/dev/kmsg", "hide=-/proc/kmsg");
                break;
            case "ProtectSystem":
                Mount(value == "strict", "ro=/", "rw=/dev", "rw=/proc", "rw=/sys");
                Mount(value == "full" || isOn, "ro=/usr", "ro=-/boot");
                Mount(value == "full", "ro=/etc");
                break;
            case "ProtectHome":
                string word = value == "read-only" ? "ro" : "hide";
                Mount(isOn || value is "read-only" or "tmpfs", $"{word}=/home", $"{word}=/root", $"{word}=-/run/user");
                break;
            case "ReadWritePaths" or "ReadWriteDirectories":
                AddPaths("rw", setting);
                break;
            case "ReadOnlyPaths" or "ReadOnlyDirectories":
                AddPaths("ro", setting);
                break;
            case "InaccessiblePaths" or "InaccessibleDirectories":
                AddPaths("hide", setting);
                break;
            case "BindPaths" or "BindReadOnlyPaths":
                AddBinds(setting);
                break;
            case "TemporaryFileSystem":
                foreach (string path in Words(setting))
                {
                    _service.Mounts.Add($"tmp={path.Split(':')[0]}");
                }

                break;
            default:
                // Disabled settings need no word.
                return UnitValue.Flag(value) == false && setting.Key != "SendSIGKILL";
        }

        return true;
    }

    private void Mount(bool isOn, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (isOn && !_service.Mounts.Contains(word))
            {
                _service.Mounts.Add(word);
            }
        }
    }

    private void AddPaths(string word, UnitSetting setting)
    {
        foreach (string path in Words(setting))
        {
            if (MountPath(path) is { } found)
            {
                Mount(true, $"{word}={found}");
            }
            else
            {
                _service.Not(setting.Place, $"{setting.Key}={path}", "it is not an absolute path");
            }
        }
    }

    private void AddBinds(UnitSetting setting)
    {
        foreach (string word in Words(setting))
        {
            string[] parts = word.Split(':');
            string? from = MountPath(parts[0]);
            string? to = parts.Length > 1 ? MountPath(parts[1]) : from?.TrimStart('-');
            if (from is null || to is null)
            {
                _service.Not(setting.Place, $"{setting.Key}={word}", "it is not an absolute path");
                continue;
            }

            Mount(true, $"bind={from}:{to}");
            if (setting.Key == "BindReadOnlyPaths")
            {
                Mount(true, from.StartsWith('-') ? $"ro=-{to}" : $"ro={to}");
            }
        }
    }

    // A + means below RootDirectory=, which is always the case here.
    private static string? MountPath(string path)
    {
        string optional = path.StartsWith('-') ? "-" : "";
        string rest = path.TrimStart('-', '+');
        rest = rest.Length > 1 ? rest.TrimEnd('/') : rest;
        return rest.StartsWith('/') ? optional + rest : null;
    }

    // With a read-only root file system, directories made for the service stay writable.
    private void AllowMade()
    {
        if (_service.Mounts.Contains("ro=/") || _service.Mounts.Contains("ro=/etc"))
        {
            foreach ((string path, _) in _made)
            {
                Mount(true, $"rw={path}");
            }
        }
    }
}
