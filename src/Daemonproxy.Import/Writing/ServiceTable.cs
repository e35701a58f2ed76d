using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Import.Writing;

/// <summary>
/// The lines of one service: the keys of daemonproxy-services(5), without those that have the default value.
/// </summary>
internal static class ServiceTable
{
    private static readonly RestartPolicy _usual = new();
    private static readonly CheckDefinition _usualCheck = new(default);

    public static IEnumerable<string> Lines(ImportedService service)
    {
        yield return $"[service.{TomlValue.Key(service.Name)}]";
        foreach ((string key, string value) in Keys(service))
        {
            yield return $"{key} = {value}";
        }
    }

    private static IEnumerable<(string Key, string Value)> Keys(ImportedService service) =>
        Process(service).Concat(Order(service)).Concat(Life(service)).Where(static pair => pair.Value.Length > 0);

    private static IEnumerable<(string Key, string Value)> Process(ImportedService service)
    {
        yield return ("from", Text(service.From));
        yield return ("command", List(service.Command));
        yield return ("pre", Commands(service.Pre));
        yield return ("post", Commands(service.Post));
        yield return ("user", Text(service.User));
        yield return ("groups", List(service.Groups));
        yield return ("dir", Text(service.Directory));
        yield return ("root", Text(service.Root));
        yield return ("env-file", List(service.EnvironmentFiles));
        yield return ("env", Table(service.Environment));
        yield return ("limits", Table(service.Limits));
        yield return ("umask", Text(service.Umask));
        yield return ("nice", Number(service.Nice));
        yield return ("oom", Number(service.Oom));
        yield return ("process", List(service.Process));
        yield return ("mounts", List(service.Mounts));
        yield return ("cgroup", service.Cgroup.Count == 0 ? "" : TomlValue.Table([("set", Table(service.Cgroup))]));
    }

    private static IEnumerable<(string Key, string Value)> Order(ImportedService service)
    {
        yield return ("disabled", Flag(service.IsDisabled));
        yield return ("needs", Names(service.Needs));
        yield return ("binds", Names(service.Binds));
        yield return ("wants", Names(service.Wants));
        yield return ("after", Names(service.After));
    }

    private static IEnumerable<(string Key, string Value)> Life(ImportedService service)
    {
        yield return ("ready", Text(service.Ready));
        yield return ("ready-within", Duration(service.ReadyWithin));
        yield return ("check", service.Check is { } check ? Check(check) : "");
        yield return ("watchdog", Duration(service.Watchdog));
        yield return ("restart", Restart(service));
        yield return ("stop", Stop(service));
        yield return ("reload", service.ReloadCommand is { } reload ? Command(reload) : Text(service.ReloadSignal));
        yield return ("listen", Listeners(service.Listeners));
        yield return ("on-demand", Flag(service.StartsOnDemand));
        yield return ("schedule", Text(service.Schedule));
        yield return ("every", Duration(service.Every));
        yield return ("log", service.Logger is { } logger
            ? TomlValue.Quote(logger.Target)
            : service.OutputFile.Length > 0
                ? TomlValue.Table([("file", TomlValue.Quote(service.OutputFile))])
                : "");
        yield return ("log-file", Text(service.LogFile));
    }

    private static string Restart(ImportedService service)
    {
        RestartPolicy policy = service.Restart;
        string when = policy.When switch
        {
            RestartWhen.Always => "always",
            RestartWhen.Never => "never",
            _ => "failure",
        };
        List<(string, string)> pairs = [("when", TomlValue.Quote(when))];
        bool isUsual = policy with { When = _usual.When } == _usual;
        if (isUsual)
        {
            return (service.Schedule.Length > 0 || service.Every > 0) && policy.When == RestartWhen.Never
                ? ""
                : TomlValue.Quote(when);
        }

        pairs.Add(("first", TomlValue.Duration(policy.First)));
        if (policy.Most != long.Max(_usual.Most, policy.First))
        {
            pairs.Add(("most", TomlValue.Duration(policy.Most)));
        }

        if (policy.Reset != _usual.Reset)
        {
            pairs.Add(("reset", TomlValue.Duration(policy.Reset)));
        }

        if (policy.GiveUp > 0)
        {
            pairs.Add(("give-up", Number(policy.GiveUp)));
        }

        AddCodes(pairs, "success", policy.Success);
        AddCodes(pairs, "prevent", policy.Prevent);
        return TomlValue.Table(pairs);
    }

    private static void AddCodes(List<(string Key, string Value)> pairs, string key, IEnumerable<int> codes)
    {
        if (codes.Any())
        {
            pairs.Add((key, $"[{string.Join(", ", codes.Select(static code => Number(code)))}]"));
        }
    }

    private static string Stop(ImportedService service)
    {
        List<(string, string)> pairs = [];
        if (service.StopSignal is not ("" or "SIGTERM"))
        {
            pairs.Add(("signal", TomlValue.Quote(service.StopSignal)));
        }

        if (service.StopTimeout != ServiceDefinition.UsualStopTimeout)
        {
            pairs.Add(("timeout", TomlValue.Duration(service.StopTimeout)));
        }

        if (service.StopsTree)
        {
            pairs.Add(("tree", "true"));
        }

        if (service.StopCommand is { } command)
        {
            pairs.Add(("command", Command(command)));
        }

        return pairs.Count == 0 ? "" : TomlValue.Table(pairs);
    }

    private static string Check(CheckDefinition check)
    {
        List<(string, string)> pairs = [("command", TomlValue.List(check.Command))];
        if (check.Every != _usualCheck.Every)
        {
            pairs.Add(("every", TomlValue.Duration(check.Every)));
        }

        if (check.Timeout != _usualCheck.Timeout)
        {
            pairs.Add(("timeout", TomlValue.Duration(check.Timeout)));
        }

        if (check.Fails != _usualCheck.Fails)
        {
            pairs.Add(("fails", Number(check.Fails)));
        }

        return TomlValue.Table(pairs);
    }

    private static string Listeners(List<ImportedListener> listeners) => listeners.Count == 0
        ? ""
        : TomlValue.Table(listeners.Select(static one => (one.Name, Listener(one))));

    private static string Listener(ImportedListener listener)
    {
        List<(string, string)> pairs = [("address", TomlValue.Quote(listener.Address))];
        if (listener.Mode.Length > 0)
        {
            pairs.Add(("mode", TomlValue.Quote(listener.Mode)));
        }

        if (listener.Owner.Length > 0)
        {
            pairs.Add(("owner", TomlValue.Quote(listener.Owner)));
        }

        if (listener.Backlog > 0)
        {
            pairs.Add(("backlog", Number(listener.Backlog)));
        }

        if (listener.IsNonblocking)
        {
            pairs.Add(("nonblock", "true"));
        }

        return pairs.Count == 1 ? TomlValue.Quote(listener.Address) : TomlValue.Table(pairs);
    }

    private static string Text(string text) => text.Length == 0 ? "" : TomlValue.Quote(text);

    private static string List(List<string> texts) => texts.Count == 0 ? "" : TomlValue.List(texts);

    private static string Commands(List<ImportedCommand> commands) => commands.Count == 0
        ? ""
        : $"[{string.Join(", ", commands.Select(Command))}]";

    private static string Command(ImportedCommand command) => command.User.Length == 0
        ? TomlValue.List(command.Words)
        : TomlValue.Table([("command", TomlValue.List(command.Words)), ("user", TomlValue.Quote(command.User))]);

    private static string Table(OrderedDictionary<string, string> values) => values.Count == 0
        ? ""
        : TomlValue.Table(values.Select(static pair => (pair.Key, TomlValue.Quote(pair.Value))));

    private static string Names(List<Dependency> others) =>
        List([.. others.Select(static other => other.Target).Distinct()]);

    private static string Flag(bool value) => value ? "true" : "";

    private static string Duration(long seconds) => seconds == 0 ? "" : TomlValue.Duration(seconds);

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
