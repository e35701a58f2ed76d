using System;
using System.Globalization;
using System.Linq;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Manager.Files;

/// <summary>
/// The words of settings that the protocol has in prose, docs/SETTINGS.md: limits, attributes of processes, mounts.
/// </summary>
public static class SettingWords
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

    private static readonly string[] _bare = ["session", "group", "shared", "no-new-privs"];

    private static readonly string[] _mounts = ["ro", "rw", "tmp", "hide", "bind", "dev"];

    /// <summary>The mistake in a word of <c>service.limits</c>; null if none is found.</summary>
    /// <param name="word">The word: <c>nofile=1024:4096</c>.</param>
    public static string? LimitFault(string word)
    {
        (string key, string? value) = Split(word);
        return KeyFault(key, _resources, "limit")
            ?? (value is null ? $"limit '{key}' needs a value: {key}=N"
                : IsLimit(value) ? null
                : $"limit '{key}' cannot be '{value}', but a number, infinity, or SOFT:HARD");
    }

    /// <summary>The mistake in a word of <c>service.process</c>; null if none is found.</summary>
    /// <param name="word">The word: <c>nice=5</c>.</param>
    public static string? ProcessFault(string word)
    {
        (string key, string? value) = Split(word);
        string? problem = KeyFault(key, _attributes, "process attribute");
        if (problem is not null || _bare.Contains(key))
        {
            return problem ?? (value is null ? null : $"process attribute '{key}' has no value");
        }

        string? form = value is null ? "a value" : key switch
        {
            "umask" => IsMask(value) ? null : "a mask such as 027",
            "nice" => IsNumber(value, -20, 19) ? null : "a number from -20 to 19",
            "oom" => IsNumber(value, -1000, 1000) ? null : "a number from -1000 to 1000",
            "tty" => IsNumber(value, 0, 255) ? null : "the number of a descriptor",
            "leave" or "watchdog" => IsNumber(value, 0, int.MaxValue) ? null : "a number of seconds",
            _ => null,
        };
        return form is null ? null : $"process attribute '{key}' needs {form}";
    }

    /// <summary>The mistake in a word of <c>service.mounts</c>; null if none is found.</summary>
    /// <param name="word">The word: <c>ro=/usr</c>.</param>
    public static string? MountFault(string word)
    {
        (string key, string? value) = Split(word);
        return KeyFault(key, _mounts, "mount")
            ?? (key == "dev" ? value is null ? null : "mount 'dev' has no value"
                : value is not null && value.AsSpan(value.StartsWith('-') ? 1 : 0).StartsWith("/") ? null
                : $"mount '{key}' needs a path from the root: {key}=/PATH");
    }

    private static (string Key, string? Value) Split(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        string[] parts = word.Split('=', 2);
        return (parts[0], parts.Length > 1 ? parts[1] : null);
    }

    private static string? KeyFault(string key, string[] keys, string what) =>
        keys.Contains(key) ? null : $"unknown {what} '{key}'{Suggestion.For(key, keys)}";

    private static bool IsNumber(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
        && number >= least && number <= most;

    private static bool IsLimit(string text)
    {
        string[] amounts = text.Split(':');
        return amounts.Length <= 2 && amounts.All(static amount => amount == "infinity"
            || IsDigits(amount.AsSpan(0, amount.Length - (amount.EndsWith('K') || amount.EndsWith('M')
                || amount.EndsWith('G') ? 1 : 0))));
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsMask(string text) => text.Length > 0 && text.TrimStart('0').Length <= 3
        && !text.AsSpan().ContainsAnyExceptInRange('0', '7');
}
