using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Units;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Import.Compose;

/// <summary>Restarts, stops, health checks and dependencies.</summary>
internal sealed partial class ServiceReader
{
    private static readonly string[] _ports = ["host_ip", "published", "target"];

    private readonly List<(string Name, string Condition, bool IsRequired, SourcePlace Place)> _needs = [];

    /// <summary>Connects it with the services that it depends on.</summary>
    public void Connect(Dictionary<string, List<ImportedService>> services)
    {
        foreach ((string other, string condition, bool isRequired, SourcePlace place) in _needs)
        {
            string text = condition == "service_started" ? $"depends_on: {other}" : $"depends_on: {other}, {condition}";
            if (!services.TryGetValue(other, out List<ImportedService>? found))
            {
                Service.Not(place, text, "there is no such service");
                continue;
            }

            foreach (ImportedService one in found)
            {
                (isRequired ? Service.Needs : Service.Wants).Add(new Dependency(one.Original, place, text));
                if (condition == "service_completed_successfully")
                {
                    one.Ready = "exit";
                }
                else if (condition == "service_healthy" && one.Check is not null)
                {
                    one.Ready = "check";
                }
                else if (condition == "service_healthy")
                {
                    Service.Not(place, text, $"{other} has no healthcheck here");
                }
            }
        }
    }

    private bool TakeOfLife(string key, YamlNode node, ComposeFile source)
    {
        switch (key)
        {
            case "restart":
                TakeRestart(node, source);
                break;
            case "stop_signal":
                Service.StopSignal = UnitValue.Signal(source.Text(node, key))
                    ?? throw source.Wrong(node, "it is not a signal that stops a service");
                break;
            case "stop_grace_period":
                Service.StopTimeout = Seconds(node, source, key);
                break;
            case "healthcheck":
                TakeCheck(source.Map(node, key), source);
                break;
            case "depends_on":
                TakeNeeds(node, source);
                break;
            case "profiles":
                Service.IsDisabled = source.Texts(node, key).Count > 0;
                break;
            case "deploy":
                TakeDeploy(source.Map(node, key), source);
                break;
            case "scale" or "expose" or "extends" or "attach":
                break;
            default:
                return false;
        }

        return true;
    }

    private void TakeRestart(YamlNode node, ComposeFile source)
    {
        string[] parts = source.Text(node, "restart").Split(':', 2);
        RestartWhen when = parts[0] switch
        {
            "always" or "unless-stopped" => RestartWhen.Always,
            "on-failure" => RestartWhen.Failure,
            "no" or "" or "false" => RestartWhen.Never,
            _ => throw source.Wrong(node, "restart is no, always, on-failure or unless-stopped"),
        };
        Service.Restart = new RestartPolicy
        {
            When = when,
            Reset = RestartReset,
            GiveUp = parts is [_, var most] && int.TryParse(most, CultureInfo.InvariantCulture, out int tries)
                ? int.Clamp(tries, 0, 1_000_000)
                : 0,
        };
    }

    private void TakeCheck(YamlMap check, ComposeFile source)
    {
        if (check.Entries.TryGetValue("disable", out YamlNode? disable) && source.Flag(disable, "disable"))
        {
            return;
        }

        if (!check.Entries.TryGetValue("test", out YamlNode? test))
        {
            Service.Not(source.At(check), "healthcheck", "the test is in the image: write it here");
            return;
        }

        List<string> words = [.. source.Texts(test, "test").Select(static one => one.Value)];
        List<string> command = words switch
        {
            ["NONE", ..] or [] => [],
            ["CMD", .. var rest] when test is YamlList => rest,
            ["CMD-SHELL", .. var rest] when test is YamlList => ["/bin/sh", "-c", string.Join(' ', rest)],
            _ when test is YamlText => ["/bin/sh", "-c", words[0]],
            _ => throw source.Wrong(test, "test begins with CMD, CMD-SHELL or NONE"),
        };
        if (command.Count == 0)
        {
            return;
        }

        var definition = new CheckDefinition([.. command]) { Timeout = UsualCheckTimeout };
        foreach ((string key, YamlNode node) in check.Entries)
        {
            definition = key switch
            {
                "interval" => definition with { Every = long.Max(Seconds(node, source, key), 1) },
                "timeout" => definition with { Timeout = long.Max(Seconds(node, source, key), 1) },
                "retries" => definition with { Fails = long.Clamp(Number(node, source, key), 1, 1_000_000) },
                _ => definition,
            };
            if (key is "start_period" or "start_interval")
            {
                Service.Not(source.At(node), $"{key}: {source.Text(node, key)}", key == "start_period"
                    ? "with ready = \"check\" nothing counts before the first success"
                    : "it is 1 s until the first success");
            }
        }

        Service.Check = definition;
    }

    private void TakeNeeds(YamlNode node, ComposeFile source)
    {
        if (node is not YamlMap services)
        {
            _needs.AddRange(source.Texts(node, "depends_on").Select(
                one => (one.Value, "service_started", true, source.At(one.Node))));
            return;
        }

        foreach ((string other, YamlNode value) in services.Entries)
        {
            YamlMap form = source.Map(value, other);
            string condition = form.Entries.TryGetValue("condition", out YamlNode? given)
                ? source.Text(given, "condition")
                : "service_started";
            if (condition is not ("service_started" or "service_healthy" or "service_completed_successfully"))
            {
                throw source.Wrong(given!, "it is service_started, service_healthy or service_completed_successfully");
            }

            bool isRequired = !form.Entries.TryGetValue("required", out YamlNode? required)
                || source.Flag(required, "required");
            _needs.Add((other, condition, isRequired, source.At(value)));
            if (form.Entries.TryGetValue("restart", out YamlNode? restart) && source.Flag(restart, "restart"))
            {
                Service.Not(
                    source.At(restart), $"depends_on: {other}, restart", "it is not restarted with that: see binds");
            }
        }
    }

    private void TakeDeploy(YamlMap deploy, ComposeFile source)
    {
        foreach ((string key, YamlNode node) in deploy.Entries)
        {
            switch (key)
            {
                case "replicas":
                    break;
                case "resources" when node is YamlMap resources:
                    foreach ((string kind, YamlNode amounts) in resources.Entries)
                    {
                        TakeResources(kind, source.Map(amounts, kind), source);
                    }

                    break;
                case "restart_policy" when node is YamlMap policy:
                    TakePolicy(policy, source);
                    break;
                default:
                    Service.Not(source.At(node), $"deploy: {key}", "this is one machine, and no swarm");
                    break;
            }
        }
    }

    private void TakeResources(string kind, YamlMap amounts, ComposeFile source)
    {
        foreach ((string key, YamlNode node) in amounts.Entries)
        {
            bool isTaken = (kind, key) switch
            {
                ("limits", "memory") => AddBytes("memory.max", node, source),
                ("reservations", "memory") => AddBytes("memory.low", node, source),
                _ => false,
            };
            if ((kind, key) is ("limits", "cpus"))
            {
                AddProcessors(node, source);
            }
            else if ((kind, key) is ("limits", "pids"))
            {
                Service.Cgroup["pids.max"] = source.Text(node, key);
            }
            else if (!isTaken)
            {
                Service.Not(source.At(node), $"deploy: resources: {kind}: {key}", "see cgroup");
            }
        }
    }

    private void TakePolicy(YamlMap policy, ComposeFile source)
    {
        RestartPolicy restart = new() { When = RestartWhen.Always };
        foreach ((string key, YamlNode node) in policy.Entries)
        {
            restart = key switch
            {
                "condition" => restart with
                {
                    When = source.Text(node, key) switch
                    {
                        "none" => RestartWhen.Never,
                        "on-failure" => RestartWhen.Failure,
                        _ => RestartWhen.Always,
                    },
                },
                "delay" => restart with { First = Seconds(node, source, key), Most = Seconds(node, source, key) },
                "max_attempts" => restart with { GiveUp = long.Clamp(Number(node, source, key), 0, 1_000_000) },
                "window" => restart with { Reset = Seconds(node, source, key) },
                _ => restart,
            };
        }

        Service.Restart = restart;
    }

    private void TakeOther(string key, YamlNode node, ComposeFile source)
    {
        switch (key)
        {
            case "image":
                string image = source.Text(node, key);
                Service.Not(source.At(node), $"image: {image}", "its program has to be on this machine");
                break;
            case "ports":
                IEnumerable<YamlNode> ports = node is YamlList list ? list.Items : [node];
                foreach (YamlNode port in ports)
                {
                    TellOfPort(port, source);
                }

                break;
            case "volumes":
                IEnumerable<YamlNode> volumes = node is YamlList all ? all.Items : [node];
                foreach (YamlNode volume in volumes)
                {
                    TellOfVolume(volume, source);
                }

                break;
            default:
                string value = node is YamlText { IsNull: false } ? $" {source.Text(node, key)}" : "";
                Service.Not(source.At(node), $"{key}:{value}", ComposeReasons.For(key));
                break;
        }
    }

    private void TellOfPort(YamlNode node, ComposeFile source)
    {
        string text = node is YamlMap port
            ? string.Join(':', _ports
                .Where(port.Entries.ContainsKey).Select(key => source.Text(port.Entries[key], key)))
            : source.Text(node, "ports");
        string outside = text.Split('/')[0].Split(':') is [.., var published, _] ? published : "";
        Service.Not(source.At(node), $"ports: {text}", outside.Length > 0
            ? $"its program listens itself: have it listen on {outside}"
            : "its program listens itself");
    }

    private void TellOfVolume(YamlNode node, ComposeFile source)
    {
        string from = "";
        string to = "";
        if (node is YamlMap volume)
        {
            from = volume.Entries.TryGetValue("source", out YamlNode? place) ? source.Text(place, "source") : "";
            to = volume.Entries.TryGetValue("target", out YamlNode? target) ? source.Text(target, "target") : "";
        }
        else
        {
            string[] parts = source.Text(node, "volumes").Split(':');
            (from, to) = parts.Length > 1 ? (parts[0], parts[1]) : ("", parts[0]);
        }

        bool isPath = from.StartsWith('.') || from.StartsWith('/');
        string whole = isPath ? Path.GetFullPath(from, source.Folder) : from;
        Service.Not(source.At(node), $"volumes: {(from.Length > 0 ? $"{from}:" : "")}{to}", isPath && from != to
            ? $"its files are those of the machine: mounts = [\"bind={whole}:{to}\"] shows them there"
            : $"its files are those of the machine: make {to} a directory");
    }

    private static long Seconds(YamlNode node, ComposeFile source, string key) =>
        UnitValue.Seconds(source.Text(node, key)) is { } seconds and < int.MaxValue
            ? seconds
            : throw source.Wrong(node, $"{key} must be a time such as 10s or 1m30s");

    private static long Number(YamlNode node, ComposeFile source, string key) =>
        long.TryParse(source.Text(node, key), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw source.Wrong(node, $"{key} must be a whole number");
}
