using System;
using System.Collections.Generic;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// The knowledge of a controller that believes every event: at the end it must be what a statedump says. After an
/// overflow it knows nothing.
/// </summary>
internal sealed class Mirror
{
    private readonly SortedDictionary<string, string> _known = new(StringComparer.Ordinal);

    public bool IsStale { get; private set; }

    public void Receive(string line)
    {
        string[] fields = line.Split('⇥');
        switch (fields[0])
        {
            case "overflow":
                IsStale = true;
                break;
            case "service.state" when fields[2] == "deleted":
                Forget(fields[1]);
                break;
            case "service.state":
                // How long it is or was up, and has been down, changes by itself.
                _known[$"{fields[1]} state"] = string.Join(' ', fields[2..7]);
                if (fields[2] == "up")
                {
                    _known.Remove($"{fields[1]} failed");
                    _known.Remove($"{fields[1]} service.empty");
                }

                _known.Remove($"{fields[1]} service.is_ready");

                break;
            case "service.failed":
                // What it failed for may have been changed since.
                _known[$"{fields[1]} failed"] = string.Join(' ', fields[2..5]);
                break;
            case "service.args" or "service.tags" or "service.fds" or "service.auto_up":
                _known[$"{fields[1]} {fields[0]}"] = string.Join(' ', fields[2..]);
                break;
            case "service.ready" or "service.process" or "service.user" or "service.root" or "service.is_ready"
                or "service.empty" when fields[2] is not ("" or "-") || fields.Length > 3:
                _known[$"{fields[1]} {fields[0]}"] = string.Join(' ', fields[2..]);
                break;
            case "service.ready" or "service.process" or "service.user" or "service.root" or "service.is_ready":
                _known.Remove($"{fields[1]} {fields[0]}");
                break;
            case "service.stop" when fields[2] == "-":
                _known.Remove($"{fields[1]} service.stop");
                break;
            case "service.stop":
                // SIGKILL may have been sent since.
                _known[$"{fields[1]} service.stop"] = fields[2];
                break;
            case "fd.state" when fields[2] == "deleted":
                _known.Remove("fd " + fields[1]);
                break;
            case "fd.state":
                // The other end may have gone since.
                _known["fd " + fields[1]] = $"{fields[2]} {fields[3]}";
                break;
            case "signal":
                _known["signal " + fields[1]] = string.Join(' ', fields[2..]);
                break;
            default:
                break;
        }
    }

    /// <summary>It knows nothing any more, and asks.</summary>
    public void StartAnew()
    {
        _known.Clear();
        IsStale = false;
    }

    /// <summary>The differences between this mirror and one that has just asked.</summary>
    public List<string> DifferencesFrom(Mirror asked)
    {
        List<string> differences = [];
        foreach ((string what, string value) in _known)
        {
            if (asked._known.GetValueOrDefault(what) is not string told || told != value)
            {
                differences.Add($"{what}: {value} / {asked._known.GetValueOrDefault(what, "nothing")}");
            }
        }

        return differences;
    }

    private void Forget(string service)
    {
        string[] parts =
        [
            "state", "failed", "service.args", "service.tags", "service.fds", "service.auto_up", "service.ready",
            "service.process", "service.user", "service.root", "service.is_ready", "service.empty", "service.stop",
        ];
        foreach (string part in parts)
        {
            _known.Remove($"{service} {part}");
        }
    }
}
