using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Cronos;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Manager.Files;

/// <summary>Reads the table of one service.</summary>
internal sealed class ServiceReader(string name, TableReader table, string directory)
{
    // So that derived names, such as NAME.check, are still valid names of the daemon.
    private const int LongestName = 24;

    /// <summary>Returns true if a service can have this name.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= LongestName
        && name.All(static one => char.IsAsciiLetterOrDigit(one) || one is '.' or '_' or '-')
        && ServiceName.TryParse(name, out _);

    /// <summary>Reads the service. Mistakes are reported to the table's reader.</summary>
    public ServiceDefinition Read()
    {
        var service = new ServiceDefinition(name)
        {
            From = table.Text("from") ?? "",
            Command = table.Command("command"),
            Pre = table.Commands("pre"),
            Post = table.Commands("post"),
            IsDisabled = table.Flag("disabled"),
            StartsOnDemand = table.Flag("on-demand"),
            Needs = table.Texts("needs"),
            Binds = table.Texts("binds"),
            Wants = table.Texts("wants"),
            After = table.Texts("after"),
            Schedule = Schedule(),
            Every = table.Seconds("every", least: 1) ?? 0,
            Listeners = Listeners(),
            Log = Log(),
            Check = Check(),
        };
        if (!table.Has("command") && !table.Keys.Any(static key => Suggestion.For(key, ["command"]).Length > 0))
        {
            table.Add(table.Place, $"{name} has no 'command'");
        }

        service = new EndReader(table).Read(Ready(service with { Process = Process() }));
        CheckAgainstEachOther(service);
        table.Finish();
        return service;
    }

    private void CheckAgainstEachOther(ServiceDefinition service)
    {
        if (service.StartsOnDemand && service.Listeners.IsEmpty)
        {
            table.Refuse("on-demand", "'on-demand' needs 'listen': what its first client connects to");
        }

        if (service.Ready == "check" && service.Check is null)
        {
            table.Refuse("ready", "ready = \"check\" needs a 'check'");
        }

        if (service is { StartsOnDemand: true, IsScheduled: true })
        {
            table.Refuse(
                "on-demand", "'on-demand' goes neither with 'schedule' nor with 'every': its clients start it");
        }

        if (service.StartsOnDemand && service.Pre.Any(static command => command.User.Length > 0))
        {
            table.Refuse(
                "pre", "with 'on-demand' a command of 'pre' has no 'user': it runs in the process of the service");
        }

        bool hasTree = service.Process.Cgroup.Count > 0
            || !service.Process.Words.Any(static word => word is "group" or "shared");
        if (service.StopsTree && !hasTree)
        {
            table.Refuse("stop", "'tree' needs a tree of its own: neither 'group' nor 'shared' in 'process'");
        }
    }

    private ServiceDefinition Ready(ServiceDefinition service)
    {
        long within = table.Seconds("ready-within") ?? 0;
        if (table.Text("ready") is not { } ready)
        {
            return service with { ReadyWithin = within };
        }

        string[] known = ["notify", "exit", "check", "fd=3"];
        bool isDescriptor = ready.StartsWith("fd=", StringComparison.Ordinal)
            && int.TryParse(ready.AsSpan(3), out int number) && number is >= 3 and < 256;
        if (!known.Contains(ready) && !isDescriptor)
        {
            table.Refuse(
                "ready",
                    $"'ready' cannot be '{ready}', but notify, exit, check or fd=N{Suggestion.For(ready, known)}");
        }

        return service with { Ready = ready, ReadyWithin = within };
    }

    private CheckDefinition? Check()
    {
        if (table.Table("check") is not { } reader)
        {
            return null;
        }

        var check = new CheckDefinition(reader.Command("command"));
        check = check with
        {
            Every = reader.Seconds("every", least: 1) ?? check.Every,
            Timeout = reader.Seconds("timeout", least: 1) ?? check.Timeout,
            Fails = reader.Number("fails", 1, 1_000_000) ?? check.Fails,
        };
        if (!reader.Has("command"))
        {
            table.Refuse("check", "'check' has no 'command'");
        }

        reader.Finish();
        return check;
    }

    private string Schedule()
    {
        if (table.Text("schedule") is not { } schedule)
        {
            return "";
        }

        if (!CronExpression.TryParse(schedule, out _))
        {
            table.Refuse(
                "schedule",
                $"'{schedule}' is not a schedule: "
                + "minute, hour, day, month, day of the week, such as \"*/5 * * * *\"");
            return "";
        }

        return schedule;
    }

    private LogDefinition Log()
    {
        string file = Absolute(table.Text("log-file") ?? "");
        switch (table.Take("log"))
        {
            case null:
                return new LogDefinition { File = file };
            case TomlText text:
                return new LogDefinition { Logger = text.Value, File = file };
            default:
                if (table.Table("log") is not { } reader)
                {
                    return new LogDefinition();
                }

                string path = reader.Text("file") ?? "";
                if (path.Length == 0)
                {
                    table.Refuse("log", "'log' must be the name of a service, or { file = \"/path\" }");
                }

                reader.Finish();
                return new LogDefinition { File = Absolute(path) };
        }
    }

    private ImmutableArray<ListenerDefinition> Listeners()
    {
        if (table.Table("listen") is not { } listen)
        {
            return [];
        }

        ImmutableArray<ListenerDefinition>.Builder listeners = ImmutableArray.CreateBuilder<ListenerDefinition>();
        foreach (string key in listen.Keys)
        {
            if (!FdName.TryParse(key, out _) || key.Length == 0)
            {
                listen.Refuse(key, $"'{key}' cannot be the name of a descriptor");
            }
            else if (ListenerReader.Read(key, listen, directory) is { } listener)
            {
                listeners.Add(listener);
            }
        }

        return listeners.ToImmutable();
    }

    private ProcessDefinition Process()
    {
        ProcessDefinition process = ReadProcess();
        CheckWords("limits", process.Limits, SettingWords.LimitFault);
        CheckWords("process", process.Words, SettingWords.ProcessFault);
        CheckWords("mounts", process.Mounts, SettingWords.MountFault);
        return process;
    }

    // What the daemon would refuse when the service is to start. Some words have a key of their own, or are an entry.
    private void CheckWords(string key, TextList words, Func<string, string?> faultOf)
    {
        foreach (string word in words)
        {
            if (faultOf(word) is { } fault)
            {
                string own = word.Split('=')[0];
                table.Add(table.Has(own) && own != key ? table.PlaceOf(own) : table.PlaceOf(key, word), fault);
            }
        }
    }

    private ProcessDefinition ReadProcess() => new()
    {
        User = [.. User()],
        Directory = Absolute(table.Text("dir") ?? ""),
        Root = Absolute(table.Text("root") ?? ""),
        Environment = [.. new EnvironmentReader(table, directory).Read()],
        Limits = [.. table.Pairs("limits")],
        Words = [.. Words()],
        Mounts = [.. table.Texts("mounts")],
        Cgroup = [.. Cgroup()],
    };

    private IEnumerable<string> User()
    {
        ImmutableArray<string> groups = table.Texts("groups");
        if (table.Text("user") is not { Length: > 0 } user)
        {
            if (groups.Length > 0)
            {
                table.Refuse("groups", "'groups' needs a 'user'");
            }

            return [];
        }

        return [user, .. groups];
    }

    private ImmutableArray<string> Words()
    {
        ImmutableArray<string> words = table.Texts("process");
        foreach (string key in (ReadOnlySpan<string>)["umask", "nice", "oom"])
        {
            switch (table.Take(key))
            {
                case null:
                    break;
                case TomlText text:
                    words = words.Add($"{key}={text.Value}");
                    break;
                case TomlNumber number when key != "umask":
                    words = words.Add($"{key}={number.Value}");
                    break;
                default:
                    table.Refuse(
                        key, key == "umask" ? "'umask' must be a text: \"022\"" : $"'{key}' must be a whole number");
                    break;
            }
        }

        return table.Seconds("watchdog", least: 1) is { } seconds ? words.Add($"watchdog={seconds}") : words;
    }

    private IEnumerable<string> Cgroup()
    {
        switch (table.Take("cgroup"))
        {
            case null:
                return [];
            case TomlText text:
                return [text.Value];
            default:
                if (table.Table("cgroup") is not { } reader)
                {
                    return [];
                }

                string path = reader.Text("path") ?? name;
                ImmutableArray<string> values = reader.Pairs("set");
                reader.Finish();
                return [path, .. values];
        }
    }

    private string Absolute(string path) => path.Length == 0 ? "" : Path.GetFullPath(path, directory);
}
