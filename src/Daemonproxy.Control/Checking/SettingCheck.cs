using System;
using System.Linq;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Files;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Checking;

/// <summary>What is wrong with a word of a setting.</summary>
internal sealed record SettingFault(string Message, int At, int Length, bool IsWarning = false);

/// <summary>
/// Checks the words of settings, whose forms the protocol has in prose: variables, limits, attributes of processes; and
/// whether programs and users are on this machine.
/// </summary>
internal static class SettingCheck
{
    private static readonly string[] _resources =
    [
        "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss",
        "rtprio", "rttime", "sigpending", "stack",
    ];

    private static readonly string[] _attributes =
    [
        "umask", "nice", "ionice", "oom", "sched", "cpus", "session", "group", "shared", "tty", "caps", "no-new-privs",
        "pdeath", "leave", "watchdog",
    ];

    private static readonly string[] _mounts = ["ro", "rw", "tmp", "hide", "bind", "dev"];

    /// <summary>What is wrong with a word behind a command; null if nothing is seen.</summary>
    /// <param name="command">The command.</param>
    /// <param name="text">The word.</param>
    /// <param name="isFirst">Whether it is the first one behind the name.</param>
    public static SettingFault? Check(string command, string text, bool isFirst) => command switch
    {
        "service.env" => CheckVariable(text, isFirst),
        "service.limits" => CheckKey(text, _resources, "limit", needsValue: true),
        "service.process" => CheckKey(text, _attributes, "process attribute", needsValue: false),
        "service.mounts" => CheckKey(text, _mounts, "mount", needsValue: false),
        "service.args" when isFirst && text.StartsWith('/') => Warn(text, MachineCheck.ProgramFault(text)),
        "service.user" => Warn(text, isFirst ? MachineCheck.UserFault(text) : MachineCheck.GroupFault(text)),
        _ => null,
    };

    private static SettingFault? CheckVariable(string text, bool isFirst)
    {
        string name = text.Split('=')[0];
        return name.Length > 0 && !(text == "-" && !isFirst)
            ? null
            : new SettingFault($"invalid variable '{VisibleText.Of(text)}'", 0, Math.Max(1, text.Length));
    }

    private static SettingFault? CheckKey(string text, string[] keys, string what, bool needsValue)
    {
        string key = text.Split('=')[0];
        return !keys.Contains(key)
            ? new SettingFault(
                $"unknown {what} '{VisibleText.Of(key)}'{Suggestion.For(key, keys)}", 0, Math.Max(1, key.Length))
            : needsValue && !text.Contains('=', StringComparison.Ordinal)
                ? new SettingFault($"{what} '{key}' needs a value: {key}=N", 0, text.Length)
                : null;
    }

    private static SettingFault? Warn(string text, string? fault) => fault is null
        ? null
        : new SettingFault(VisibleText.Of(fault), 0, text.Length, IsWarning: true);
}
