using System;
using System.Collections.Immutable;
using System.Linq;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Manager.Files;

/// <summary>Reads how a service is stopped and reloaded, and what follows its end.</summary>
internal sealed class EndReader(TableReader table)
{
    private static readonly string[] _signals =
    [
        "SIGHUP", "SIGINT", "SIGQUIT", "SIGABRT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGTERM", "SIGCONT",
            "SIGWINCH",
        "SIGPWR", "SIGSTOP", "SIGURG",
    ];

    /// <summary>The service with that.</summary>
    public ServiceDefinition Read(ServiceDefinition service)
    {
        service = Reload(Stop(service));
        return service with { Restart = Restart(service.IsScheduled) };
    }

    private ServiceDefinition Stop(ServiceDefinition service)
    {
        if (table.Table("stop") is not { } stop)
        {
            return service;
        }

        string signal = Signal(stop, "signal", stop.Text("signal") ?? "");
        service = service with
        {
            StopSignal = signal == "SIGTERM" ? "" : signal,
            StopTimeout = stop.Seconds("timeout") ?? service.StopTimeout,
            StopsTree = stop.Flag("tree"),
            StopCommand = stop.OneCommand("command"),
        };
        stop.Finish();
        return service;
    }

    private ServiceDefinition Reload(ServiceDefinition service) => table.Take("reload") switch
    {
        null => service,
        TomlText text => service with { ReloadSignal = Signal(table, "reload", text.Value) },
        _ => service with { ReloadCommand = table.OneCommand("reload") },
    };

    private static string Signal(TableReader reader, string key, string signal)
    {
        if (signal.Length > 0 && !signal.StartsWith("SIG", StringComparison.Ordinal))
        {
            signal = $"SIG{signal}";
        }

        if (signal.Length > 0 && !_signals.Contains(signal)
            && !signal.StartsWith("SIGRTM", StringComparison.Ordinal))
        {
            reader.Refuse(key, $"unknown signal '{signal}'{Suggestion.For(signal, _signals)}");
        }

        return signal;
    }

    private RestartPolicy Restart(bool isScheduled)
    {
        var policy = new RestartPolicy { When = isScheduled ? RestartWhen.Never : RestartWhen.Failure };
        if (table.Take("restart") is TomlText)
        {
            return policy with { When = When(table.Word("restart", "failure", "always", "never")) };
        }

        if (table.Table("restart") is not { } restart)
        {
            return policy;
        }

        long first = restart.Seconds("first") ?? policy.First;
        policy = policy with
        {
            When = restart.Has("when") ? When(restart.Word("when", "failure", "always", "never")) : policy.When,
            First = first,
            Most = restart.Seconds("most") ?? long.Max(policy.Most, first),
            Reset = restart.Seconds("reset") ?? policy.Reset,
            GiveUp = restart.Number("give-up", 0, 1_000_000) ?? policy.GiveUp,
            Success = Codes(restart, "success"),
            Prevent = Codes(restart, "prevent"),
        };
        if (policy.First > policy.Most)
        {
            restart.Refuse("first", "'first' is longer than 'most'");
        }

        restart.Finish();
        return policy;
    }

    private static RestartWhen When(string? word) => word switch
    {
        "always" => RestartWhen.Always,
        "never" => RestartWhen.Never,
        _ => RestartWhen.Failure,
    };

    private static ImmutableArray<int> Codes(TableReader reader, string key)
    {
        switch (reader.Take(key))
        {
            case null:
                return [];
            case TomlList list when list.Items.All(static item => item is TomlNumber { Value: >= 0 and <= 255 }):
                return [.. list.Items.Cast<TomlNumber>().Select(static number => (int)number.Value)];
            default:
                reader.Refuse(key, $"'{key}' must be an array of exit codes from 0 to 255");
                return [];
        }
    }
}
